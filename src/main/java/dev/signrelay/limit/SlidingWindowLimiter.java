package dev.signrelay.limit;

import dev.signrelay.deadline.TimeLimit;
import dev.signrelay.limit.ScheduleStore.Written;
import dev.signrelay.limit.ScheduleStore.Written.Refused;
import dev.signrelay.limit.ScheduleStore.Written.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Never more than N calls in any 60 s, over all processes that share a schedule.
 *
 * <p>To ask costs one to three requests to the store, however many wait in line and however many
 * ask at once: while there is a line, everybody just counts up, which never conflicts. What was
 * last seen of the schedule is remembered, and is only ever behind: that can cost a refused write,
 * which brings what is current, and never a grant that is too early.
 */
public final class SlidingWindowLimiter implements RateLimiter {

  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** After its time, a grant is good for this long. */
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  /** How far the clocks of two processes may be apart. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(1);

  /** How much longer one request may be on its way to the upstream than another. */
  private static final Duration TRAVEL = Duration.ofMillis(500);

  /**
   * Between two grants of a slot: what makes a window at the upstream hold no more than N calls,
   * although the first call came as late and the second as early as can be. It costs 4 % of the
   * rate.
   */
  public static final Duration PERIOD = WINDOW.plus(TOLERANCE).plus(CLOCK_SKEW).plus(TRAVEL);

  /**
   * A grant whose time went by less than this ago is taken as it is: many who ask at the same
   * moment then need not write the schedule anew one after the other.
   */
  private static final Duration STALE = Duration.ofMillis(200);

  /**
   * The same for who has been refused. If the store is slow, the schedule that another has just
   * written anew is older than that when it is seen; to write it anew once more would refuse all
   * others who ask, again and again. What is left of the grant is for the call to begin.
   */
  private static final Duration STALE_ONCE_REFUSED = Duration.ofMillis(500);

  private final ScheduleStore store;
  private final int calls;
  private final Duration period;
  private final InstantSource clock;
  private final Supplier<String> versions;
  private volatile @Nullable GrantSchedule seen;

  /**
   * @param calls in 60 s, 1 to 1,000
   * @param versions a new unique text each time
   */
  SlidingWindowLimiter(
      ScheduleStore store,
      int calls,
      Duration period,
      InstantSource clock,
      Supplier<String> versions) {
    this.store = store;
    this.calls = calls;
    this.period = period;
    this.clock = clock;
    this.versions = versions;
  }

  /**
   * @param clients called when the table is first needed
   * @param calls in 60 s, 1 to 1,000
   */
  public static SlidingWindowLimiter inTable(
      Supplier<DynamoDbClient> clients,
      String table,
      int calls,
      InstantSource clock,
      Supplier<String> ids) {
    return new SlidingWindowLimiter(
        new DynamoDbScheduleStore(clients, table), calls, PERIOD, clock, ids);
  }

  @Override
  public Optional<Grant> ask(Instant latest, Duration timeout) {
    return inTime(timeout, () -> ask(latest));
  }

  @Override
  public boolean redeem(Grant grant, Duration timeout) {
    Instant forgetAfter = grant.until().plus(CLOCK_SKEW);
    return inTime(timeout, () -> store.claim(grant.id(), forgetAfter));
  }

  @Override
  public void prepare() {
    store.prepare();
  }

  private Optional<Grant> ask(Instant latest) throws InterruptedException {
    Duration stale = STALE;
    while (!Thread.interrupted()) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      Instant bound = GrantSchedule.later(latest, now);
      GrantSchedule last = seen;
      if (last == null || !last.isFor(calls, period)) {
        keep(store.replace(last, begun(last, now)));
      } else if (last.next().isAfter(bound)) {
        return Optional.empty();
      } else if (keep(take(last, now, bound, stale)) instanceof Stored(GrantSchedule current)) {
        return Optional.of(current.lastGrant(TOLERANCE));
      }
      stale = STALE_ONCE_REFUSED;
    }
    throw new InterruptedException();
  }

  private GrantSchedule begun(@Nullable GrantSchedule last, Instant now) {
    String version = versions.get();
    return last == null
        ? GrantSchedule.idle(version, period, calls, now)
        : last.changed(version, period, calls, now);
  }

  private Written take(GrantSchedule last, Instant now, Instant latest, Duration stale) {
    long first = last.firstFrom(now.minus(stale));
    return last.granted() >= first
        ? store.count(last, first, last.lastUntil(latest))
        : store.replace(last, last.renewed(versions.get(), now).withGranted(1));
  }

  private Written keep(Written written) {
    seen =
        switch (written) {
          case Stored(GrantSchedule current) -> current;
          case Refused(GrantSchedule current) -> current;
        };
    return written;
  }

  private static <T> T inTime(Duration timeout, Callable<T> call) {
    try {
      return TimeLimit.call(timeout, call);
    } catch (TimeoutException e) {
      throw new LimiterUnavailableException("the rate limiter did not answer in time", e);
    } catch (ExecutionException e) {
      throw new LimiterUnavailableException("the rate limiter failed", e);
    }
  }
}
