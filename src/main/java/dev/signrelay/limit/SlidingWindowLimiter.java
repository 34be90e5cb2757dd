package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ClockCheck.WrongClockException;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * At most N calls in any 60 s, over all processes that share a schedule.
 *
 * <p>Acquiring a grant costs one to three requests to the store, however many calls wait and
 * however many processes acquire at once: while calls wait, a grant is an increment, which never
 * conflicts.
 */
public final class SlidingWindowLimiter implements RateLimiter {

  private static final Duration WINDOW = Duration.ofSeconds(60);

  private static final Duration GRANT_VALIDITY = Duration.ofSeconds(1);

  /** The largest expected difference between the latencies of two requests to the upstream. */
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

  /** One refusal can be a process that was frozen during a request. */
  private static final int MAX_WRONG_CLOCKS = 2;

  private final AtomicInteger wrongClocks = new AtomicInteger();
  final SharedSchedule shared;
  private final TimeSource time;
  private final Supplier<String> ids;

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
   * @param ids returns a new unique text each time
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
  public Answer acquire(Duration wait, Duration timeout) {
    List<Grant> grants = inTime(timeout, () -> take(1, wait, Place.BEHIND_LINE));
    return grants.isEmpty()
        ? new Answer.Refused(shared.lineWait())
        : new Answer.Granted(grants.getFirst());
  }

  @Override
  public void noteJoined(Duration timeout) {
    var _ =
        inTime(
            timeout,
            () -> {
              shared.join();
              return true;
            });
  }

  @Override
  public FreeCalls freeCalls(Duration wait, Duration timeout) {
    return inTime(
        timeout,
        () -> {
          GrantSchedule schedule = shared.current().schedule();
          Instant now = time.instant();
          GrantSchedule next = schedule.next().isBefore(now) ? schedule.rebuilt("", now) : schedule;
          long free = next.lastUntil(now.plus(wait)) + 1 - next.granted();
          return new FreeCalls(
              Math.clamp(free, 0, Integer.MAX_VALUE), Duration.between(now, next.next()));
        });
  }

  @Override
  public List<Grant> acquireForLine(int count, Duration wait, Duration timeout) {
    return inTime(timeout, () -> take(count, wait, Place.IN_LINE));
  }

  @Override
  public Duration noteLine(long waiting, Duration timeout) {
    return inTime(
        timeout,
        () -> {
          var _ = shared.note(waiting);
          return shared.lineWait().expected();
        });
  }

  @Override
  public Instant noteEmpty(Instant noted, Duration timeout) {
    return inTime(timeout, () -> shared.noteEmpty(noted));
  }

  /**
   * @param wait at most {@link SharedSchedule#MAX_WAIT}
   */
  private List<Grant> take(int count, Duration wait, Place place) throws InterruptedException {
    Duration maxAge = MAX_GRANT_AGE;
    while (!Thread.interrupted()) {
      RateLimitState last = shared.current();
      GrantSchedule schedule = last.schedule();
      Instant earliest = shared.answerTime().truncatedTo(ChronoUnit.MILLIS);
      Instant latest = GrantSchedule.later(shared.answerTime().plus(wait), earliest);
      long first = schedule.firstFrom(earliest.minus(maxAge));
      boolean passed = schedule.granted() < first;
      GrantSchedule from = passed ? schedule.rebuilt(ids.get(), earliest) : schedule;
      boolean mustWait = place == Place.BEHIND_LINE && last.waiting() > 0;
      int free = mustWait ? 0 : Math.clamp(from.lastUntil(latest) + 1 - from.granted(), 0, count);
      if (free == 0) {
        shared.noteRefusal(last);
        return List.of();
      }
      WriteResult result =
          passed
              ? shared.replace(
                  last, from.withGranted(from.granted() + free), place == Place.IN_LINE ? free : 0)
              : shared.take(last, free, first, from.lastUntil(latest), ids.get(), place);
      if (result instanceof Applied(RateLimitState current)) {
        return current.schedule().lastGrants(free, GRANT_VALIDITY);
      }
      maxAge = MAX_GRANT_AGE_AFTER_CONFLICT;
    }
    throw new InterruptedException();
  }

  @Override
  public Instant lastNote() {
    return shared.lastNote();
  }

  @Override
  public boolean refusesClock() {
    return wrongClocks.get() >= MAX_WRONG_CLOCKS;
  }

  private <T> T inTime(Duration timeout, Callable<T> call) {
    try {
      T answer = time.callWithin(timeout, call);
      wrongClocks.set(0);
      return answer;
    } catch (TimeoutException e) {
      throw new LimiterUnavailableException("the rate limiter did not answer in time", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WrongClockException) {
        wrongClocks.incrementAndGet();
      }
      throw new LimiterUnavailableException("the rate limiter failed", e);
    }
  }
}
