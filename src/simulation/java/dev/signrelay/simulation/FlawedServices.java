package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.cache.SignatureCache;
import dev.signrelay.jobrecord.JobRecords;
import dev.signrelay.jobrecord.Reservations;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.queue.JobQueues;
import dev.signrelay.queue.Line;
import dev.signrelay.upstream.Signer;

/** Services of which one is flawed. */
final class FlawedServices {

  private FlawedServices() {}

  static Services with(Services s, Signer signer) {
    return with(
        s,
        signer,
        s.limiter(),
        s.queues(),
        s.line(),
        s.records(),
        s.signatures(),
        s.reservations());
  }

  static Services withoutRestart(Services s) {
    return with(
        s,
        s.signer(),
        s.limiter(),
        s.queues(),
        s.line(),
        s.records(),
        s.signatures(),
        s.reservations(),
        () -> {});
  }

  static Services with(Services s, RateLimiter limiter) {
    return with(
        s,
        s.signer(),
        limiter,
        s.queues(),
        s.line(),
        s.records(),
        s.signatures(),
        s.reservations());
  }

  static Services with(Services s, JobQueues queues) {
    return with(
        s,
        s.signer(),
        s.limiter(),
        queues,
        s.line(),
        s.records(),
        s.signatures(),
        s.reservations());
  }

  static Services with(Services s, Line line) {
    return with(
        s,
        s.signer(),
        s.limiter(),
        s.queues(),
        line,
        s.records(),
        s.signatures(),
        s.reservations());
  }

  static Services with(Services s, JobRecords records) {
    return with(
        s,
        s.signer(),
        s.limiter(),
        s.queues(),
        s.line(),
        records,
        s.signatures(),
        s.reservations());
  }

  static Services with(Services s, SignatureCache signatures) {
    return with(
        s,
        s.signer(),
        s.limiter(),
        s.queues(),
        s.line(),
        s.records(),
        signatures,
        s.reservations());
  }

  static Services with(Services s, Reservations reservations) {
    return with(
        s,
        s.signer(),
        s.limiter(),
        s.queues(),
        s.line(),
        s.records(),
        s.signatures(),
        reservations);
  }

  private static Services with(
      Services s,
      Signer signer,
      RateLimiter limiter,
      JobQueues queues,
      Line line,
      JobRecords records,
      SignatureCache signatures,
      Reservations reservations) {
    return with(s, signer, limiter, queues, line, records, signatures, reservations, s.restart());
  }

  private static Services with(
      Services s,
      Signer signer,
      RateLimiter limiter,
      JobQueues queues,
      Line line,
      JobRecords records,
      SignatureCache signatures,
      Reservations reservations,
      Runnable restart) {
    return new Services(
        s.config(),
        s.clientKeys(),
        signer,
        s.callbacks(),
        limiter,
        queues,
        line,
        records,
        signatures,
        reservations,
        s.quota(),
        s.queuePrimer(),
        s.time(),
        s.random(),
        s.ids(),
        s.log(),
        restart);
  }
}
