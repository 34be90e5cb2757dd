package dev.signrelay.limit;

import java.time.Duration;
import java.util.List;

/** What can happen in the {@link LimiterModel}. Each is possible at any time; numbers wrap. */
sealed interface ModelAction {

  /** In all processes alike. */
  record TimePasses(Duration time) implements ModelAction {}

  /** A process is stopped, and a new one starts in its place that has seen nothing yet. */
  record Restart(int process) implements ModelAction {}

  /**
   * SignFunction asks.
   *
   * @param forNow without a callback; otherwise the job is put into the queue if it has to wait
   */
  record Ask(int process, boolean forNow, Call call, Store store) implements ModelAction {}

  /**
   * RetryFunction gets a message, be it early or late.
   *
   * @param again another copy of it is still to come
   */
  record Delivery(int message, int process, boolean again, Call call, Store store)
      implements ModelAction {}

  /** When a process that has been granted a call makes it, by its own clock. */
  enum Moment {
    EARLIEST,
    BETWEEN,
    LATEST,
    /** It crashes before. */
    NEVER
  }

  /**
   * @param travelMillis after which the upstream counts the call
   */
  record Call(Moment moment, int travelMillis) {}

  /**
   * What a process that asks or redeems meets with on the way to the store.
   *
   * @param meanwhile the first one happens before its first request to the store, and so on
   * @param answerLost the request after those takes effect, and the process never learns of it
   */
  record Store(List<ModelAction> meanwhile, boolean answerLost) {
    static final Store UNDISTURBED = new Store(List.of(), false);
  }

  /** How many actions it takes to tell, those in between included. */
  static int count(List<ModelAction> actions) {
    return actions.stream()
        .mapToInt(
            action ->
                switch (action) {
                  case TimePasses _, Restart _ -> 1;
                  case Ask ask -> 1 + count(ask.store().meanwhile());
                  case Delivery delivery -> 1 + count(delivery.store().meanwhile());
                })
        .sum();
  }
}
