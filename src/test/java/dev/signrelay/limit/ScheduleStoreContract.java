package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of the store, for every implementation. */
abstract class ScheduleStoreContract {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
  private static final RateLimitState FIRST =
      new RateLimitState(
          new GrantSchedule(
              "first",
              Duration.ofMillis(62_500),
              7,
              List.of(NOW, NOW.plusMillis(1), NOW.plusSeconds(9)),
              2,
              NOW.plusSeconds(3)),
          NOW.minusSeconds(1),
          40,
          NOW.minusSeconds(2),
          "creator");
  private static final RateLimitState SECOND =
      new RateLimitState(
          GrantSchedule.idle("second", Duration.ofSeconds(5), 1, NOW),
          Instant.EPOCH,
          0,
          Instant.EPOCH,
          "");

  private final AtomicInteger tokens = new AtomicInteger();
  private ScheduleStore store;

  /** Creates an empty store. */
  abstract ScheduleStore emptyStore();

  @BeforeEach
  void storeTheFirstState() {
    store = emptyStore();
    assertThat(store.read()).isNull();
    assertThat(store.replace(null, FIRST)).isEqualTo(new Applied(FIRST));
  }

  @Test
  void theFirstStateIsStoredOnlyIfThereIsNone() {
    assertThat(store.read()).isEqualTo(FIRST);
    assertThat(store.replace(null, SECOND)).isEqualTo(new Conflict(FIRST));
  }

  @Test
  void aMissingStateIsNeitherReplacedNorTakenFromNorNoted() {
    store = emptyStore();

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(null));
    assertThat(take(FIRST, 1, 9)).isEqualTo(new Conflict(null));
    assertThat(store.note(1, 9, NOW, NOW)).isEqualTo(new Conflict(null));
    assertThat(store.add(1, NOW)).isEqualTo(new Conflict(null));
    assertThat(store.read()).isNull();
  }

  @Test
  void anUnchangedStateIsReplaced() {
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Applied(SECOND));
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(SECOND));
    assertThat(store.read()).isEqualTo(SECOND);
  }

  /** Otherwise grants, waiting jobs or the time of a note would be forgotten. */
  @Test
  void aStateIsNotReplacedAfterAFurtherGrantANoteOfMoreJobsOrTheNoteOfARun() {
    WriteResult more = store.note(41, 99, null, null);
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(more.current()));

    store.note(39, 99, null, null);
    assertThat(store.replace(FIRST, FIRST)).isEqualTo(new Applied(FIRST));

    WriteResult taken = take(FIRST, 1, 2);
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(taken.current()));

    WriteResult ofARun = store.note(39, 99, LATER, null);
    assertThat(store.replace(taken.current(), SECOND)).isEqualTo(new Conflict(ofARun.current()));
  }

  @Test
  void grantsAreTakenOnlyOfTheSameVersionAndIfNoneOfTheirNumbersIsTooHigh() {
    assertThat(take(SECOND, 1, 9)).as("another version").isEqualTo(new Conflict(FIRST));
    assertThat(take(FIRST, 3, 3)).isEqualTo(new Conflict(FIRST));
    assertThat(granted(take(FIRST, 2, 3))).isEqualTo(4);
    assertThat(granted(take(FIRST, 1, Long.MAX_VALUE / 2))).isEqualTo(5);
    assertThat(granted(take(FIRST, 10, 14))).isEqualTo(15);
  }

  @Test
  void aRepeatedRequestIsRefusedUntilOthersTakeGrants() {
    var request = new Take(FIRST, 2, 99, "token", Place.IN_LINE, null);

    WriteResult taken = store.take(request);

    assertThat(taken.current().token()).isEqualTo("token");
    assertThat(store.take(request)).isEqualTo(new Conflict(taken.current()));
    take(FIRST, 1, 99);
    assertThat(granted(store.take(request))).isEqualTo(7);
  }

  @Test
  void aTakeNotesWhenItWasAskedForUnlessItMustNot() {
    assertThat(store.take(new Take(FIRST, 1, 9, "a", Place.IN_LINE, null)).current().askedAt())
        .isEqualTo(FIRST.askedAt());
    assertThat(store.take(new Take(FIRST, 1, 9, "b", Place.IN_LINE, NOW)).current().askedAt())
        .isEqualTo(NOW);
  }

  @Test
  void grantsForTheLineMakeItShorter() {
    assertThat(takenForTheLine().waiting()).isEqualTo(30);
    store.note(10, 99, null, null);
    assertThat(takenForTheLine().waiting()).isZero();
    assertThat(takenForTheLine().waiting()).as("more than were noted").isZero();
  }

  @Test
  void nobodyBehindTheLineTakesAGrantWhileJobsWait() {
    assertThat(store.take(behindLine())).as("40 jobs wait").isInstanceOf(Conflict.class);
    store.note(0, 99, null, null);
    assertThat(store.take(behindLine())).isInstanceOf(Applied.class);
    assertThat(takenForTheLine().waiting()).isZero();
    assertThat(store.take(behindLine())).as("fewer than none").isInstanceOf(Applied.class);
  }

  private Take behindLine() {
    return new Take(FIRST, 1, 99, "t" + tokens.incrementAndGet(), Place.BEHIND_LINE, null);
  }

  private RateLimitState takenForTheLine() {
    return take(FIRST, 10, 99).current();
  }

  @Test
  void aNoteChangesOnlyTheNumberAndTheTimesAndIsRefusedIfMoreJobsAreNoted() {
    assertThat(store.note(1, 39, NOW, NOW)).isEqualTo(new Conflict(FIRST));
    assertThat(store.note(5, 40, null, null)).isEqualTo(new Applied(noted(FIRST.askedAt(), 5)));
    assertThat(store.note(6, 5, null, NOW)).isEqualTo(new Applied(noted(NOW, 6)));
    assertThat(store.note(0, 6, LATER, null))
        .isEqualTo(new Applied(new RateLimitState(FIRST.schedule(), NOW, 0, LATER, FIRST.token())));
    assertThat(granted(take(FIRST, 1, 2))).isEqualTo(3);
  }

  @Test
  void jobsAreAddedToALineThatIsNotEmpty() {
    assertThat(store.add(3, null)).isEqualTo(new Applied(noted(FIRST.askedAt(), 43)));
    assertThat(store.add(0, NOW)).isEqualTo(new Applied(noted(NOW, 43)));
    store.note(5, 99, null, null);
    RateLimitState fewerThanNone = takenForTheLine();

    assertThat(store.add(3, null)).isEqualTo(new Conflict(fewerThanNone));
    assertThat(store.note(3, 0, null, null).current().waiting()).isEqualTo(3);
  }

  private static RateLimitState noted(Instant askedAt, long waiting) {
    return new RateLimitState(FIRST.schedule(), askedAt, waiting, FIRST.notedAt(), FIRST.token());
  }

  @Test
  void concurrentTakesReturnDistinctNumbersAndAReadSeesEachThatWasAnswered()
      throws InterruptedException {
    assertThat(atOnce(this::takenAndRead))
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(1, 20).mapToObj(i -> 2 + 2 * i).toList());
  }

  private long takenAndRead() {
    long granted = granted(take(FIRST, 2, 99));
    assertThat(store.read().schedule().granted()).isGreaterThanOrEqualTo(granted);
    return granted;
  }

  @Test
  void onlyOneOfManyConcurrentReplacementsIsApplied() throws InterruptedException {
    assertThat(atOnce(() -> store.replace(FIRST, SECOND) instanceof Applied))
        .containsOnlyOnce(true);
  }

  @Test
  void theLargestStateIsReadAsItWasWritten() {
    RateLimitState largest = largestState();
    store.replace(FIRST, largest);

    assertThat(store.read()).isEqualTo(largest);
  }

  /** Every part as large as it can be. */
  static RateLimitState largestState() {
    String id = "01234567-89ab-cdef-0123-456789abcdef";
    return new RateLimitState(
        new GrantSchedule(
            id,
            Duration.ofMillis(62_500),
            100_000,
            IntStream.range(0, GrantSchedule.MAX_SLOTS)
                .mapToObj(i -> NOW.plusMillis(977L * i))
                .toList(),
            4_000_000_000L,
            NOW.plusMillis(111_111)),
        NOW.plusMillis(222_222),
        999_999_999,
        NOW.plusMillis(333_333),
        id);
  }

  private WriteResult take(RateLimitState last, int count, long most) {
    return store.take(
        new Take(last, count, most, "t" + tokens.incrementAndGet(), Place.IN_LINE, null));
  }

  private static long granted(WriteResult result) {
    assertThat(result).isInstanceOf(Applied.class);
    return ((Applied) result).current().schedule().granted();
  }

  private static <T> List<T> atOnce(Callable<T> call) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(Collections.nCopies(20, call)).stream()
          .map(Future::resultNow)
          .toList();
    }
  }
}
