package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.upstream.Signer;
import java.time.Duration;

/** Mistakes that could be made in the functions, each as a part that makes it. */
enum Mutation {
  NONE,
  /** A message is deleted before its job has gone on. */
  ACKNOWLEDGE_BEFORE_SEND,
  /** A queue that does not take a job is taken for one that does. */
  SWALLOW_A_FAILED_SEND,
  /** After a delivery that failed, the job goes back to the queue without its signature. */
  DROP_THE_SIGNATURE_ON_REQUEUE,
  /** To wait on is counted like an attempt. */
  COUNT_HOPS_AS_ATTEMPTS,
  /** The jitter begins at zero. */
  NO_JITTER_FLOOR,
  /** Who cannot ask for a grant calls all the same. */
  CALL_WITHOUT_LIMITER,
  /** Copies of a job all use its grant. */
  CLAIM_ANY_GRANT,
  /** The id is a new one each time. */
  NEW_ID_ON_REQUEUE,
  /** Attempts are not counted. */
  NO_CAP,
  /** A receiver hears that its job is given up before that is certain. */
  NOTIFY_BEFORE_THE_DEAD_LETTER,
  /** The upstream may take as long for a client that waits as for a job. */
  WAIT_FOR_A_SLOW_UPSTREAM;

  /** What is wrong with the functions in this invocation. */
  Services of(Invocation invocation) {
    Services services = invocation.services();
    RetryQueue queue = services.queue();
    return switch (this) {
      // That is the event source's.
      case NONE, ACKNOWLEDGE_BEFORE_SEND -> services;
      case SWALLOW_A_FAILED_SEND -> with(services, FlawedQueue.swallowing(queue));
      case DROP_THE_SIGNATURE_ON_REQUEUE ->
          with(services, FlawedQueue.changing(queue, FlawedQueue::unsigned));
      case COUNT_HOPS_AS_ATTEMPTS ->
          with(
              services,
              FlawedQueue.changing(
                  queue,
                  job ->
                      invocation.progress().failed()
                          ? job
                          : FlawedQueue.at(job.attempt() + 1, job)));
      case NO_JITTER_FLOOR ->
          with(services, FlawedQueue.waiting(queue, delay -> part(delay, invocation)));
      case CALL_WITHOUT_LIMITER -> with(services, new FlawedLimiter(services, true, false));
      case CLAIM_ANY_GRANT -> with(services, new FlawedLimiter(services, false, true));
      case NEW_ID_ON_REQUEUE ->
          with(
              services,
              FlawedQueue.changing(queue, job -> FlawedQueue.renamed(services.ids().get(), job)));
      case NO_CAP -> with(services, FlawedQueue.changing(queue, job -> FlawedQueue.at(1, job)));
      case NOTIFY_BEFORE_THE_DEAD_LETTER ->
          with(services, new EarlyNoticeQueue(queue, services.callbacks()));
      case WAIT_FOR_A_SLOW_UPSTREAM ->
          with(
              services,
              (message, _, sendBefore) ->
                  services.signer().sign(message, Duration.ofSeconds(10), sendBefore));
    };
  }

  private static Duration part(Duration delay, Invocation invocation) {
    double share = invocation.progress().failed() ? invocation.world().random.getAsDouble() : 1;
    return Duration.ofMillis((long) (delay.toMillis() * share));
  }

  private static Services with(Services w, RetryQueue queue) {
    return with(w, w.signer(), w.limiter(), queue);
  }

  private static Services with(Services w, RateLimiter limiter) {
    return with(w, w.signer(), limiter, w.queue());
  }

  private static Services with(Services w, Signer signer) {
    return with(w, signer, w.limiter(), w.queue());
  }

  private static Services with(Services w, Signer signer, RateLimiter limiter, RetryQueue queue) {
    return new Services(
        w.config(),
        signer,
        w.callbacks(),
        limiter,
        queue,
        w.queuePrimer(),
        w.time(),
        w.random(),
        w.ids(),
        w.log());
  }
}
