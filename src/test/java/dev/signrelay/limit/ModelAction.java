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

  /** A process begins an operation. */
  record Begin(int process, Task task, Requests requests, Call call) implements ModelAction {}

  /**
   * A delayed request of a process reaches the store.
   *
   * @param operation the index of the operation, if several have a delayed request
   */
  record Resume(int process, int operation, Requests requests, Call call) implements ModelAction {}

  /** What an operation does with the limiter. */
  sealed interface Task {

    /** SignFunction or RetryFunction signs a job that is not in line: a newcomer. */
    record Sign() implements Task {}

    /** A drain run takes grants for jobs in line that it holds, and calls at once. */
    record Drain(int jobs) implements Task {}

    /** A drain run notes the number of jobs in line. */
    record Note(int jobs) implements Task {}
  }

  static Begin sign(int process, Call call) {
    return new Begin(process, new Task.Sign(), Requests.ALL_ANSWERED, call);
  }

  static Begin drain(int process, int jobs, Call call) {
    return new Begin(process, new Task.Drain(jobs), Requests.ALL_ANSWERED, call);
  }

  static Begin note(int process, int jobs) {
    return new Begin(process, new Task.Note(jobs), Requests.ALL_ANSWERED, Call.EARLY);
  }

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
  }

  /**
   * The upstream call that follows each grant that the process gets. Calls between the earliest and
   * the latest time, and processes that exit before their call, cannot break more.
   *
   * @param atEnd whether it begins at the end of the grant, by the clock of the process
   * @param travelMillis the time until the call arrives at the upstream
   */
  record Call(boolean atEnd, int travelMillis) {

    static final int MAX_TRAVEL_MILLIS = 500;
    static final Call EARLY = new Call(false, 0);
    static final Call LATE = new Call(true, MAX_TRAVEL_MILLIS);
  }
}
