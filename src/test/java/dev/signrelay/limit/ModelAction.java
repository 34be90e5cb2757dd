package dev.signrelay.limit;

import java.time.Duration;

/** What can happen in the {@link LimiterModel}. Numbers of processes and messages wrap around. */
sealed interface ModelAction {

  /** Time passes for all processes alike. */
  record TimePasses(Duration time) implements ModelAction {}

  /** A process dies with all it knows, and a new one starts in its place. */
  record Restart(int process) implements ModelAction {}

  /** A process is replaced by one that is configured with another limit. */
  record ChangeLimit(int process, int calls) implements ModelAction {}

  /** SignFunction gets a request without a callback, which takes no grant that begins later. */
  record SignNow(int process, Requests requests, Call call) implements ModelAction {}

  /** SignFunction gets a request with a callback, which waits in the queue if it has to. */
  record SignOrQueue(int process, Requests requests, Call call) implements ModelAction {}

  /**
   * RetryFunction receives a message, be it early or late.
   *
   * @param again another copy of the message is still to come
   */
  record Deliver(int message, int process, boolean again, Requests requests, Call call)
      implements ModelAction {}

  /**
   * The request of a process that waits on its way to the store takes effect.
   *
   * @param operation which of the operations of the process, if several wait
   */
  record Resume(int process, int operation, Requests requests, Call call) implements ModelAction {}

  /** What becomes of the request to the store that follows those that are answered. */
  enum End {
    ANSWERED,
    /** It has not arrived, and other actions come before it. */
    WAITS,
    /** It takes effect, and the process does not learn of it. */
    ANSWER_LOST,
    /** It never arrives. */
    FAILS
  }

  /**
   * What becomes of the requests to the store that a process sends during one action.
   *
   * @param answered how many requests take effect at once and are answered
   * @param end what becomes of the next one
   */
  record Requests(int answered, End end) {

    static final Requests ALL_ANSWERED = new Requests(Integer.MAX_VALUE, End.ANSWERED);

    @Override
    public String toString() {
      return switch (end) {
        case ANSWERED -> "";
        case WAITS -> "; request %d to the store waits".formatted(answered + 1);
        case ANSWER_LOST -> "; the answer to request %d is lost".formatted(answered + 1);
        case FAILS -> "; request %d to the store fails".formatted(answered + 1);
      };
    }
  }

  /** When a process that has a grant begins its call, by its own clock. */
  enum Moment {
    EARLIEST,
    BETWEEN,
    LATEST,
    /** It dies before. */
    NEVER
  }

  /**
   * An upstream call, if the action leads to one.
   *
   * @param travelMillis after which the upstream counts the call
   */
  record Call(Moment moment, int travelMillis) {

    static final int MAX_TRAVEL_MILLIS = 500;
    static final Call EARLY = new Call(Moment.EARLIEST, 0);
    static final Call LATE = new Call(Moment.LATEST, MAX_TRAVEL_MILLIS);
  }

  /**
   * The action in words, without what comes of it.
   *
   * @param processes how many there are
   */
  default String description(int processes) {
    return switch (this) {
      case TimePasses(Duration time) -> "%s s pass".formatted(time.toMillis() / 1000.0);
      case Restart(int p) -> "process %d restarts".formatted(p % processes);
      case ChangeLimit(int p, int calls) ->
          "process %d restarts with a limit of %d".formatted(p % processes, calls);
      case SignNow(int p, Requests requests, _) ->
          "process %d signs a request without a callback%s".formatted(p % processes, requests);
      case SignOrQueue(int p, Requests requests, _) ->
          "process %d signs a request with a callback%s".formatted(p % processes, requests);
      case Deliver(int message, int p, boolean again, Requests requests, _) ->
          "process %d receives %s message %d%s"
              .formatted(p % processes, again ? "a copy of" : "", message, requests)
              .replace("  ", " ");
      case Resume(int p, _, Requests requests, _) ->
          "process %d: its waiting request arrives%s".formatted(p % processes, requests);
    };
  }
}
