package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * At most N calls in any 60 s, over all processes that share a schedule.
 *
 * <p>Acquiring a grant costs one to three requests to the store, however many calls wait and
 * however many processes acquire at once: while calls wait, a grant is an increment, which never
 * conflicts. {@link SharedSchedule} keeps the schedule as each process last saw it.
 */
public final class SlidingWindowLimiter implements RateLimiter {

  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** How long a grant is valid. */
  private static final Duration GRANT_VALIDITY = Duration.ofSeconds(1);

  /** The most that the latencies of two requests to the upstream may differ. */
  private static final Duration LATENCY_DIFFERENCE = Duration.ofMillis(500);

  /**
   * The time between two grants of a call. With it no window at the upstream holds more than N
   * calls, although the first may arrive as late, and the second as early, as possible. It costs
   * four percent of the rate.
   */
  public static final Duration PERIOD =
      WINDOW.plus(GRANT_VALIDITY).plus(ClockCheck.MAX_SKEW).plus(LATENCY_DIFFERENCE);

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

  private final SharedSchedule shared;
  private final TimeSource time;
  private final Supplier<String> ids;

  /**
   * @param calls at most in 60 s; 1 to 100,000
   * @param ids returns a new unique text each time
   */
  SlidingWindowLimiter(
      ScheduleStore store, int calls, Duration period, TimeSource time, Supplier<String> ids) {
    this.shared = new SharedSchedule(store, calls, period, time, ids);
    this.time = time;
    this.ids = ids;
  }

  /**
   * A limiter whose schedule is an item of a DynamoDB table.
   *
   * @param client called for each request to the table
   * @param calls at most in 60 s; 1 to 100,000
   */
  public static SlidingWindowLimiter inTable(
      Supplier<DynamoDbClient> client,
      String table,
      int calls,
      TimeSource time,
      Supplier<String> ids) {
    return new SlidingWindowLimiter(
        new DynamoDbScheduleStore(client, table, time), calls, PERIOD, time, ids);
  }

  @Override
  public Answer acquire(GrantWindow window, Duration timeout) {
    List<Grant> grants =
        inTime(
            timeout,
            () -> take(1, window, window.behindLine() ? Place.BEHIND_LINE : Place.ANYWHERE));
    return grants.isEmpty()
        ? new Answer.Refused(shared.nextIn(), shared.expectedWait())
        : new Answer.Granted(grants.getFirst());
  }

  @Override
  public List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout) {
    return inTime(timeout, () -> take(count, window, Place.IN_LINE));
  }

  @Override
  public LineStatus noteLine(long waiting, GrantWindow window, Duration timeout) {
    return inTime(
        timeout,
        () -> {
          GrantSchedule schedule = shared.note(waiting).schedule();
          Instant earliest = shared.answerTime().plus(window.from());
          GrantSchedule next =
              schedule.next().isBefore(earliest) ? schedule.rebuilt("", earliest) : schedule;
          long free = next.lastUntil(shared.answerTime().plus(window.to())) + 1 - next.granted();
          return new LineStatus(Math.clamp(free, 0, Integer.MAX_VALUE), shared.expectedWait());
        });
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    Instant forgetAfter = grant.until().plus(ClockCheck.MAX_SKEW);
    String owner = ids.get();
    return inTime(timeout, () -> shared.claim(grant.id(), owner, forgetAfter));
  }

  private List<Grant> take(int count, GrantWindow window, Place place) throws InterruptedException {
    Duration maxAge = MAX_GRANT_AGE;
    while (!Thread.interrupted()) {
      LimiterState last = shared.current();
      GrantSchedule schedule = last.schedule();
      Instant earliest = shared.answerTime().plus(window.from()).truncatedTo(ChronoUnit.MILLIS);
      Instant latest = GrantSchedule.later(shared.answerTime().plus(window.to()), earliest);
      long first = schedule.firstFrom(earliest.minus(maxAge));
      boolean passed = schedule.granted() < first;
      GrantSchedule from = passed ? schedule.rebuilt(ids.get(), earliest) : schedule;
      boolean mustWait = place == Place.BEHIND_LINE && last.waiting() > 0;
      int free = mustWait ? 0 : Math.clamp(from.lastUntil(latest) + 1 - from.granted(), 0, count);
      if (free == 0) {
        shared.noteRefusal(last, place == Place.BEHIND_LINE);
        return List.of();
      }
      WriteResult result =
          passed
              ? shared.replace(
                  last, from.withGranted(from.granted() + free), place == Place.IN_LINE ? free : 0)
              : shared.take(last, free, first, from.lastUntil(latest), ids.get(), place);
      if (result instanceof Applied(LimiterState current)) {
        return current.schedule().lastGrants(free, GRANT_VALIDITY);
      }
      maxAge = MAX_GRANT_AGE_AFTER_CONFLICT;
    }
    throw new InterruptedException();
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
