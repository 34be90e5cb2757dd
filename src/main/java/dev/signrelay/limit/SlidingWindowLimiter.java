package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.GrantSchedule.Offer;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.SharedSchedule.Seen;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
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
 * <p>A grant usually takes one to three requests to the store, however many calls wait and however
 * many processes acquire at once: while calls wait, a grant is an increment, and increments by
 * several processes do not conflict as long as grants are left.
 */
public final class SlidingWindowLimiter implements RateLimiter {

  private static final Duration WINDOW = Duration.ofSeconds(60);

  private static final Duration GRANT_VALIDITY = Duration.ofSeconds(1);

  /** The largest expected difference between the latencies of two requests to the upstream. */
  private static final Duration LATENCY_DIFFERENCE = Duration.ofMillis(500);

  /**
   * The time between two grants of one call. It is longer than the window by the most that the
   * first call can be late and the second early, so no window at the upstream holds more than N
   * calls. This costs four percent of the rate.
   */
  public static final Duration PERIOD =
      WINDOW.plus(GRANT_VALIDITY).plus(ClockCheck.MAX_SKEW).plus(LATENCY_DIFFERENCE);

  /**
   * A grant that began at most this long ago is still taken. Processes that acquire at the same
   * moment then need not rebuild the schedule one after the other.
   */
  private static final Duration MAX_GRANT_AGE = Duration.ofMillis(200);

  /**
   * The maximum age after a conflict. If the store is slow, a schedule that another process has
   * just rebuilt is older than {@link #MAX_GRANT_AGE} when it arrives; to rebuild it again would
   * cause a conflict for all others. The rest of the grant's validity is left for the call to
   * begin.
   */
  private static final Duration MAX_GRANT_AGE_AFTER_CONFLICT = Duration.ofMillis(500);

  /** So many failures in a row mean a wrong clock. A frozen process can cause a single one. */
  private static final int MAX_WRONG_CLOCKS = 2;

  final SharedSchedule shared;
  private final TimeSource time;
  private final Supplier<String> ids;
  private final AtomicInteger wrongClocks = new AtomicInteger();

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
  public GrantAnswer acquire(Duration wait, Duration timeout) {
    return inTime(
        timeout,
        () -> {
          List<Grant> grants = take(1, wait, Place.BEHIND_LINE);
          return grants.isEmpty()
              ? new GrantAnswer.Refused(lineWait(shared.current()))
              : new GrantAnswer.Granted(grants.getFirst());
        });
  }

  @Override
  public void noteJoined(int jobs, Duration timeout) {
    var _ =
        inTime(
            timeout,
            () -> {
              shared.noteJoined(jobs);
              return jobs;
            });
  }

  @Override
  public FreeCalls freeCalls(Duration wait, Duration timeout) {
    return inTime(
        timeout,
        () -> {
          GrantSchedule schedule = shared.current().schedule();
          Instant now = time.instant();
          Offer offer = schedule.offer(Integer.MAX_VALUE, now, wait, Duration.ZERO, "");
          return new FreeCalls(offer.count(), Duration.between(now, offer.schedule().next()));
        });
  }

  @Override
  public List<Grant> acquireForLine(int count, Duration wait, Duration timeout) {
    return inTime(timeout, () -> take(count, wait, Place.IN_LINE));
  }

  @Override
  public Duration noteLine(long waiting, Duration timeout) {
    return inTime(timeout, () -> lineWait(shared.note(waiting)).expected());
  }

  @Override
  public Instant noteEmpty(Instant noted, Duration timeout) {
    return inTime(timeout, () -> shared.noteEmpty(noted));
  }

  @Override
  public Instant lastNote() {
    Seen last = shared.seen;
    return last == null ? Instant.MIN : last.state().notedAt();
  }

  @Override
  public boolean refusesClock() {
    return wrongClocks.get() >= MAX_WRONG_CLOCKS;
  }

  /**
   * @param wait at most {@link SharedSchedule#MAX_WAIT}
   */
  private List<Grant> take(int count, Duration wait, Place place) throws InterruptedException {
    Duration maxAge = MAX_GRANT_AGE;
    while (true) {
      RateLimitState last = shared.current();
      int most = place == Place.BEHIND_LINE && last.waiting() > 0 ? 0 : count;
      String id = ids.get();
      Offer offer = last.schedule().offer(most, shared.answerTime(), wait, maxAge, id);
      if (offer.count() == 0) {
        shared.noteRefusal(last);
        return List.of();
      }
      if (shared.take(last, offer, place, id) instanceof Applied(RateLimitState taken)) {
        return taken.schedule().lastGrants(offer.count(), GRANT_VALIDITY);
      }
      maxAge = MAX_GRANT_AGE_AFTER_CONFLICT;
    }
  }

  private LineWait lineWait(RateLimitState state) {
    GrantSchedule schedule = state.schedule();
    Duration wait = time.until(schedule.time(schedule.granted() + state.waiting()));
    return new LineWait(
        wait.isNegative() ? Duration.ZERO : wait, state.isNoteRecent(time.instant()));
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
