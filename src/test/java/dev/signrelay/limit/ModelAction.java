package dev.signrelay.limit;

import java.time.Duration;

/** An action in the {@link LimiterModel}. Indexes of processes and messages wrap around. */
sealed interface ModelAction {

  /** Time passes, equally for all processes. */
  record TimePasses(Duration time) implements ModelAction {}

  /** A process exits, and a new one without its state replaces it. */
  record Restart(int process) implements ModelAction {}

  /** A process is replaced by one with another limit. */
  record ChangeLimit(int process, int calls) implements ModelAction {}

  /** SignFunction receives a request without a callback, which needs a grant that begins now. */
  record SignNow(int process, Requests requests, Call call) implements ModelAction {}

  /** SignFunction receives a request with a callback, which is queued if its grant begins later. */
  record SignOrQueue(int process, Requests requests, Call call) implements ModelAction {}

  /**
   * RetryFunction receives a message, at any time before or after it is due.
   *
   * @param again whether the message remains in the queue and is delivered again
   */
  record Deliver(int message, int process, boolean again, Requests requests, Call call)
      implements ModelAction {}

  /**
   * A delayed request of a process reaches the store.
   *
   * @param operation the index of the operation, if several have a delayed request
   */
  record Resume(int process, int operation, Requests requests, Call call) implements ModelAction {}

  /** The outcome of the first request to the store that is not answered normally. */
  enum End {
    ANSWERED,
    /** It is delayed: other actions take place before it arrives. */
    WAITS,
    /** It takes effect, but its response is lost. */
    ANSWER_LOST,
    /** It never arrives. */
    FAILS
  }

  /**
   * The outcomes of the requests to the store that a process sends during one action.
   *
   * @param answered the number of requests that are answered immediately
   * @param end the outcome of the next one
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

  /** When a process with a grant begins its call, by its own clock. */
  enum Moment {
    EARLIEST,
    BETWEEN,
    LATEST,
    /** The process exits before its call. */
    NEVER
  }

  /**
   * The upstream call that follows, if the process gets a grant.
   *
   * @param travelMillis the time until the call arrives at the upstream
   */
  record Call(Moment moment, int travelMillis) {

    static final int MAX_TRAVEL_MILLIS = 500;
    static final Call EARLY = new Call(Moment.EARLIEST, 0);
    static final Call LATE = new Call(Moment.LATEST, MAX_TRAVEL_MILLIS);
  }

  /**
   * Describes the action without its effect.
   *
   * @param processes the number of processes
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
