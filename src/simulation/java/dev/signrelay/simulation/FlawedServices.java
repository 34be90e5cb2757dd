package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.queue.JobQueues;
import dev.signrelay.queue.Line;
import dev.signrelay.upstream.Signer;

/** Services of which one is flawed. */
final class FlawedServices {

  private FlawedServices() {}

  static Services with(Services s, Signer signer) {
    return with(s, signer, s.limiter(), s.queues(), s.line(), s.jobTable(), s.restart());
  }

  static Services withoutRestart(Services s) {
    return with(s, s.signer(), s.limiter(), s.queues(), s.line(), s.jobTable(), () -> {});
  }

  static Services with(Services s, RateLimiter limiter) {
    return with(s, s.signer(), limiter, s.queues(), s.line(), s.jobTable(), s.restart());
  }

  static Services with(Services s, JobQueues queues) {
    return with(s, s.signer(), s.limiter(), queues, s.line(), s.jobTable(), s.restart());
  }

  static Services with(Services s, Line line) {
    return with(s, s.signer(), s.limiter(), s.queues(), line, s.jobTable(), s.restart());
  }

  static Services with(Services s, JobTable jobTable) {
    return with(s, s.signer(), s.limiter(), s.queues(), s.line(), jobTable, s.restart());
  }

  private static Services with(
      Services s,
      Signer signer,
      RateLimiter limiter,
      JobQueues queues,
      Line line,
      JobTable jobTable,
      Runnable restart) {
    return new Services(
        s.config(),
        s.clientKeys(),
        signer,
        s.callbacks(),
        limiter,
        queues,
        line,
        jobTable,
        s.queuePrimer(),
        s.time(),
        s.random(),
        s.ids(),
        s.log(),
        restart);
  }
}
