package dev.signrelay.limit;

import static dev.signrelay.aws.Attributes.number;
import static dev.signrelay.aws.Attributes.text;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.GrantAnswer;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Release 0.2.0 beside this one, during an update and its rollback: they share the item of the rate
 * limit. It took grants up to 110 s ahead, which its jobs carry.
 */
final class Release020Test {

  private static final int CALLS = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** How far ahead it took grants for jobs in line. */
  private static final Duration FAR = Duration.ofSeconds(110);

  private static final Duration WAIT = Duration.ofSeconds(2);

  /** When the item was written. */
  private static final Instant T = FakeTime.START;

  /** An item as it writes it. */
  private static final Map<String, AttributeValue> ITEM =
      Map.of(
          "id", text("schedule"),
          "version", text("5f0c1a52-7c06-4a8e-9d55-0b1f0f4b7a11"),
          "periodMillis", number(62_500),
          "calls", number(10),
          "slots", AttributeValue.fromL(slots()),
          "granted", number(28),
          "freeFrom", number(1_795_435_140_000L),
          "askedAt", number(1_795_435_199_000L),
          "waiting", number(41),
          "takenBy", text("c1f8a0f0-52f0-4f62-8c0e-3f2b8a4b9a10"));

  private final FakeTime time = new FakeTime();
  private final MemoryScheduleStore store = new MemoryScheduleStore(RateLimitState.of(ITEM));
  private final AtomicInteger ids = new AtomicInteger();

  @Test
  void itsStateIsRead() {
    RateLimitState state = RateLimitState.of(ITEM);

    GrantSchedule schedule = state.schedule();
    assertThat(schedule.period()).isEqualTo(PERIOD);
    assertThat(schedule.calls()).isEqualTo(CALLS);
    assertThat(schedule.time(schedule.granted() - 1)).isEqualTo(T.plusSeconds(107));
    assertThat(state.askedAt()).isEqualTo(T.minusSeconds(1));
    assertThat(state.waiting()).isEqualTo(41);
    assertThat(state.isNoteRecent(T)).isTrue();
  }

  /** It requires each attribute that it writes, and ignores others. */
  @Test
  void itReadsTheStateOfThisRelease() {
    Map<String, AttributeValue> written = RateLimitState.of(ITEM).item();

    assertThat(written).containsAllEntriesOf(ITEM);
  }

  /** Its jobs carry grants, and its processes continue to take them far ahead. */
  @Test
  void bothReleasesTogetherKeepTheLimit() {
    List<Grant> grants = new ArrayList<>(RateLimitState.of(ITEM).schedule().lastGrants(28, WAIT));
    RateLimiter present = process();
    RateLimiter former = process();

    for (int second = 0; second < 600; second++) {
      if (second % 60 == 30 && second < 300) {
        grants.addAll(former.acquireForLine(CALLS / 2, FAR, TIMEOUT));
      }
      grants.addAll(present.acquireForLine(1, WAIT, TIMEOUT));
      time.advance(Duration.ofSeconds(1));
    }

    assertNoWindowHoldsMoreThanTheLimit(grants);
    assertThat(grants)
        .hasSizeGreaterThan(28 + 6 * CALLS)
        .extracting(Grant::id)
        .doesNotHaveDuplicates();
  }

  /** It writes no {@code notedAt}: it replaces the item without it, or leaves it in the item. */
  @Test
  void itsNotesAreRecentAndEndNoRunOfThisRelease() {
    RateLimiter run = process();
    run.noteLine(41, TIMEOUT);
    Instant noted = run.lastNote();
    var replaced = new HashMap<>(ITEM);
    replaced.put("version", text("replaced"));
    store.replace(store.state(), RateLimitState.of(replaced));

    assertThat(expectedWait(run)).isGreaterThan(Duration.ofMinutes(5));
    assertThat(run.lastNote()).isBefore(noted);

    run.noteJoined(1, TIMEOUT);
    store.note(410, Long.MAX_VALUE, null, null);
    assertThat(expectedWait(run)).isGreaterThan(Duration.ofMinutes(44));

    time.advance(Duration.ofMinutes(5));
    assertThat(run.acquireForLine(1, WAIT, TIMEOUT)).as("of a rebuilt schedule").hasSize(1);
    store.replace(store.state(), RateLimitState.of(present().item()));
    assertThat(expectedWait(run)).isGreaterThan(Duration.ofMinutes(40));
    assertThat(run.lastNote()).isBefore(noted);

    process().noteLine(1, TIMEOUT);
    assertThat(expectedWait(run)).isLessThan(Duration.ofMinutes(1));
    assertThat(run.lastNote()).isAfter(noted);
  }

  private RateLimitState present() {
    return Objects.requireNonNull(store.state());
  }

  /** What a request learns that is granted no call, as soon as the state is read again. */
  private Duration expectedWait(RateLimiter limiter) {
    time.advance(Duration.ofSeconds(10));
    var refused = (GrantAnswer.Refused) limiter.acquire(Duration.ZERO, TIMEOUT);
    assertThat(refused.line().isKnown()).isTrue();
    return refused.line().expected();
  }

  private static List<AttributeValue> slots() {
    return LongStream.range(0, CALLS)
        .mapToObj(i -> number(1_795_435_140_000L + 6_000 * i))
        .toList();
  }

  private static void assertNoWindowHoldsMoreThanTheLimit(List<Grant> grants) {
    List<Instant> times = grants.stream().map(Grant::from).sorted().toList();
    for (int i = CALLS; i < times.size(); i++) {
      assertThat(Duration.between(times.get(i - CALLS), times.get(i))).isGreaterThan(WINDOW);
    }
  }

  private RateLimiter process() {
    return new SlidingWindowLimiter(
        store, CALLS, PERIOD, time, () -> "id-" + ids.incrementAndGet());
  }
}
