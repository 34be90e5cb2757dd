package dev.signrelay.limit;

import java.time.Duration;

/** An action in the {@link LimiterModel}. Indexes of processes wrap around. */
sealed interface ModelAction {

  /** Time passes, equally for all processes. */
  record TimePasses(Duration time) implements ModelAction {}

  /** The clock of a process is set forward, or back. */
  record ClockStep(int process, Duration step) implements ModelAction {}

  /** A process exits, and a new one without its state replaces it. */
  record Restart(int process) implements ModelAction {}

  /** A process is replaced by one with another limit. */
  record ChangeLimit(int process, int calls) implements ModelAction {}

  /** The table loses the state. */
  record Wipe() implements ModelAction {}

  /** SignFunction or RetryFunction signs a job that is not in line: a newcomer. */
  record SignNow(int process, Requests requests, Call call) implements ModelAction {}

  /** A drain run takes grants for jobs in line that it holds, and calls at once. */
  record Drain(int process, int jobs, Requests requests, Call call) implements ModelAction {}

  /** A drain run notes the number of jobs in line. */
  record NoteLine(int process, int jobs, Requests requests) implements ModelAction {}

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
    /** It takes effect, but its response is lost, and its repetition is delayed. */
    REPETITION_WAITS,
    /** It takes effect, but its response is lost, and its repetition is answered. */
    REPEATED,
    /** It takes effect, but no response arrives. */
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

    /** Whether a request is delayed. */
    boolean oneWaits() {
      return end == End.WAITS || end == End.REPETITION_WAITS;
    }

    @Override
    public String toString() {
      String request = "; request %d to the store ".formatted(answered + 1L);
      return switch (end) {
        case ANSWERED -> "";
        case WAITS -> request + "waits";
        case REPETITION_WAITS -> request + "loses its answer and its repetition waits";
        case REPEATED -> request + "loses its answer and is repeated";
        case ANSWER_LOST -> request + "loses its answer";
        case FAILS -> request + "fails";
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
   * The upstream call that follows each grant that the process gets.
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
      case ClockStep(int p, Duration step) ->
          "process %d: its clock is set by %s s".formatted(p % processes, step.toMillis() / 1000.0);
      case Restart(int p) -> "process %d restarts".formatted(p % processes);
      case ChangeLimit(int p, int calls) ->
          "process %d restarts with a limit of %d".formatted(p % processes, calls);
      case Wipe() -> "the state is deleted";
      case SignNow(int p, Requests requests, _) ->
          "process %d signs%s".formatted(p % processes, requests);
      case Drain(int p, int jobs, Requests requests, _) ->
          "process %d drains %d jobs%s".formatted(p % processes, jobs, requests);
      case NoteLine(int p, int jobs, Requests requests) ->
          "process %d notes %d jobs in line%s".formatted(p % processes, jobs, requests);
      case Resume(int p, _, Requests requests, _) ->
          "process %d: its waiting request arrives%s".formatted(p % processes, requests);
    };
  }
}
