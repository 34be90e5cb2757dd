package dev.signrelay.limit;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.BeforeSigning;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A process of either function.
 *
 * @param skew how far its clock is ahead of the true time
 */
record ModelProcess(RateLimiter limiter, InstantSource clock, Duration skew) {

  private static final RetryPolicy POLICY =
      new RetryPolicy(new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)), 20, 10);

  static ModelProcess start(
      ScheduleStore store,
      int calls,
      Duration period,
      Duration skew,
      InstantSource trueTime,
      Supplier<String> versions) {
    InstantSource clock = () -> trueTime.instant().plus(skew);
    return new ModelProcess(
        new SlidingWindowLimiter(store, calls, period, clock, versions), clock, skew);
  }

  Instant now() {
    return clock.instant();
  }

  Optional<Requeue> waitOn(NeedsSignature job) {
    return POLICY.waitOn(job, now());
  }

  /**
   * @param granted empty: the limiter did not answer
   */
  BeforeSigning decide(NeedsSignature job, Optional<Grant> granted, Duration patience) {
    return granted
        .map(grant -> POLICY.onGrant(job, grant, now(), patience))
        .orElseGet(() -> POLICY.withoutLimiter(job, now(), 0));
  }

  /** As JobStep does it. */
  Grant grantFor(NeedsSignature job, Duration timeout) {
    Grant carried = job.grant();
    return carried != null && !carried.isOver(now()) && limiter.redeem(carried, timeout)
        ? carried
        : limiter.ask(timeout);
  }

  /** Waits for its grant, and begins the call before it is over. */
  void call(Grant grant, Call call, ModelUpstream upstream) {
    Instant first = grant.from().isBefore(now()) ? now() : grant.from();
    Instant last = grant.until().minusNanos(1);
    if (last.isBefore(first)) {
      return;
    }
    Instant begin =
        switch (call.moment()) {
          case EARLIEST, NEVER -> first;
          case BETWEEN -> first.plus(Duration.between(first, last).dividedBy(2));
          case LATEST -> last;
        };
    if (call.moment() != ModelAction.Moment.NEVER) {
      upstream.called(grant, begin.minus(skew).plusMillis(call.travelMillis()));
    }
  }
}
