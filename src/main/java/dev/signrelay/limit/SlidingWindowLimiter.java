package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * At most N calls in any 60 s, over all processes that share a schedule.
 *
 * <p>Acquiring a grant costs one to three requests to the store, however many calls wait and
 * however many processes acquire at once: while calls wait, a grant is an increment, which never
 * conflicts. Each process remembers the schedule that it last saw. That can be out of date, which
 * costs a conflict that returns the current schedule, and never a grant that begins too early.
 */
public final class SlidingWindowLimiter implements RateLimiter {

  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** How long a grant is valid. */
  private static final Duration GRANT_VALIDITY = Duration.ofSeconds(1);

  /** The most that the clocks of two processes may differ. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(1);

  /** The most that the latencies of two requests to the upstream may differ. */
  private static final Duration LATENCY_DIFFERENCE = Duration.ofMillis(500);

  /**
   * The time between two grants of a slot. With it no window at the upstream holds more than N
   * calls, although the first call of a slot may arrive as late, and the second as early, as
   * possible. It costs 4 % of the rate.
   */
  public static final Duration PERIOD =
      WINDOW.plus(GRANT_VALIDITY).plus(CLOCK_SKEW).plus(LATENCY_DIFFERENCE);

  /**
   * A grant that began less than this ago is still taken. Processes that acquire at the same moment
   * then need not rebuild the schedule one after the other.
   */
  private static final Duration MAX_GRANT_AGE = Duration.ofMillis(200);

  /**
   * The same after a conflict. If the store is slow, a schedule that another process has just
   * rebuilt is older than {@link #MAX_GRANT_AGE} when it arrives; rebuilding it again would cause a
   * conflict for everybody else, again and again. The rest of the grant's validity is left for the
   * call to begin.
   */
  private static final Duration MAX_GRANT_AGE_AFTER_CONFLICT = Duration.ofMillis(500);

  private final ScheduleStore store;
  private final int calls;
  private final Duration period;
  private final TimeSource time;
  private final Supplier<String> ids;
  private volatile @Nullable GrantSchedule seen;

  /**
   * @param calls at most in 60 s; 1 to 1,000
   * @param ids returns a new unique text each time
   */
  SlidingWindowLimiter(
      ScheduleStore store, int calls, Duration period, TimeSource time, Supplier<String> ids) {
    this.store = store;
    this.calls = calls;
    this.period = period;
    this.time = time;
    this.ids = ids;
  }

  /**
   * A limiter whose schedule is an item of a DynamoDB table.
   *
   * @param client called for each request to the table
   * @param calls at most in 60 s; 1 to 1,000
   */
  public static SlidingWindowLimiter inTable(
      Supplier<DynamoDbClient> client,
      String table,
      int calls,
      TimeSource time,
      Supplier<String> ids) {
    return new SlidingWindowLimiter(
        new DynamoDbScheduleStore(client, table), calls, PERIOD, time, ids);
  }

  @Override
  public Optional<Grant> acquire(Instant latest, Duration timeout) {
    return inTime(timeout, () -> acquire(latest));
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    Instant forgetAfter = grant.until().plus(CLOCK_SKEW);
    return inTime(timeout, () -> store.claim(grant.id(), forgetAfter));
  }

  private Optional<Grant> acquire(Instant latest) throws InterruptedException {
    Duration maxAge = MAX_GRANT_AGE;
    while (!Thread.interrupted()) {
      Instant now = time.instant().truncatedTo(ChronoUnit.MILLIS);
      Instant bound = GrantSchedule.later(latest, now);
      GrantSchedule last = seen;
      if (last == null || !last.isFor(calls, period)) {
        remember(store.replace(last, started(last, now)));
      } else if (last.next().isAfter(bound)) {
        return Optional.empty();
      } else if (remember(take(last, now, bound, maxAge))
          instanceof Applied(GrantSchedule current)) {
        return Optional.of(current.lastGrant(GRANT_VALIDITY));
      }
      maxAge = MAX_GRANT_AGE_AFTER_CONFLICT;
    }
    throw new InterruptedException();
  }

  private GrantSchedule started(@Nullable GrantSchedule last, Instant now) {
    String version = ids.get();
    return last == null
        ? GrantSchedule.idle(version, period, calls, now)
        : last.changed(version, period, calls, now);
  }

  private WriteResult take(GrantSchedule last, Instant now, Instant latest, Duration maxAge) {
    long first = last.firstFrom(now.minus(maxAge));
    return last.granted() >= first
        ? store.increment(last, first, last.lastUntil(latest))
        : store.replace(last, last.rebuilt(ids.get(), now).withGranted(1));
  }

  private WriteResult remember(WriteResult result) {
    seen =
        switch (result) {
          case Applied(GrantSchedule current) -> current;
          case Conflict(GrantSchedule current) -> current;
        };
    return result;
  }

  private <T> T inTime(Duration timeout, Callable<T> call) {
    try {
      return time.callWithin(timeout, call);
    } catch (TimeoutException e) {
      throw new LimiterUnavailableException("the rate limiter did not answer in time", e);
    } catch (ExecutionException e) {
      throw new LimiterUnavailableException("the rate limiter failed", e);
    }
  }
}
