package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
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
  void createEmptyStore() {
    store = emptyStore();
  }

  @Test
  void theFirstStateIsStoredOnlyIfThereIsNone() {
    assertThat(store.read()).isNull();
    assertThat(store.replace(null, FIRST)).isEqualTo(new Applied(FIRST));
    assertThat(store.read()).isEqualTo(FIRST);
    assertThat(store.replace(null, SECOND)).isEqualTo(new Conflict(FIRST));
  }

  @Test
  void aMissingStateIsNeitherReplacedNorTakenFromNorNoted() {
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(null));
    assertThat(take(FIRST, 1, 0, 9)).isEqualTo(new Conflict(null));
    assertThat(store.note(1, 9, NOW, NOW)).isEqualTo(new Conflict(null));
    assertThat(store.read()).isNull();
  }

  @Test
  void anUnchangedStateIsReplaced() {
    store.replace(null, FIRST);

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Applied(SECOND));
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(SECOND));
    assertThat(store.read()).isEqualTo(SECOND);
  }

  @Test
  void aStateIsNotReplacedAfterAFurtherGrant() {
    store.replace(null, FIRST);
    WriteResult taken = take(FIRST, 1, 2, 2);

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(taken.current()));
  }

  /** Otherwise the number would be lost, and newcomers would be granted calls. */
  @Test
  void aStateIsNotReplacedAfterANoteOfMoreJobs() {
    store.replace(null, FIRST);
    WriteResult noted = store.note(41, 99, null, null);

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(noted.current()));
    store.note(39, 99, null, null);
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Applied(SECOND));
  }

  /** Otherwise the time of the note would be turned back. */
  @Test
  void aStateIsNotReplacedAfterTheNoteOfARun() {
    store.replace(null, FIRST);
    WriteResult noted = store.note(39, 99, LATER, null);

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(noted.current()));
  }

  @Test
  void grantsAreTakenOnlyIfAllTheirNumbersAreWithinTheBounds() {
    store.replace(null, FIRST);

    assertThat(take(FIRST, 1, 3, 9)).isEqualTo(new Conflict(FIRST));
    assertThat(take(FIRST, 3, 2, 3)).isEqualTo(new Conflict(FIRST));
    assertThat(granted(take(FIRST, 2, 2, 3))).isEqualTo(4);
    assertThat(granted(take(FIRST, 1, 0, Long.MAX_VALUE / 2))).isEqualTo(5);
    assertThat(granted(take(FIRST, 10, 5, 14))).isEqualTo(15);
  }

  @Test
  void noGrantOfAnotherVersionIsTaken() {
    store.replace(null, FIRST);

    assertThat(take(SECOND, 1, 0, 9)).isEqualTo(new Conflict(FIRST));
  }

  @Test
  void aRepeatedRequestIsRefusedUntilOthersTakeGrants() {
    store.replace(null, FIRST);
    var request = new Take(FIRST, 2, 0, 99, "token", Place.IN_LINE, null);

    WriteResult taken = store.take(request);

    assertThat(taken.current().token()).isEqualTo("token");
    assertThat(store.take(request)).isEqualTo(new Conflict(taken.current()));
    take(FIRST, 1, 0, 99);
    assertThat(granted(store.take(request))).isEqualTo(7);
  }

  @Test
  void aTakeNotesWhenItWasAskedForUnlessItMustNot() {
    store.replace(null, FIRST);

    assertThat(store.take(new Take(FIRST, 1, 0, 9, "a", Place.IN_LINE, null)).current().askedAt())
        .isEqualTo(FIRST.askedAt());
    assertThat(store.take(new Take(FIRST, 1, 0, 9, "b", Place.IN_LINE, NOW)).current().askedAt())
        .isEqualTo(NOW);
  }

  @Test
  void grantsForTheLineMakeItShorter() {
    store.replace(null, FIRST);

    assertThat(taken(Place.IN_LINE).waiting()).isEqualTo(30);
    store.note(10, 99, null, null);
    assertThat(taken(Place.IN_LINE).waiting()).isZero();
    assertThat(taken(Place.IN_LINE).waiting()).as("more than were noted").isZero();
  }

  @Test
  void nobodyBehindTheLineTakesAGrantWhileJobsWait() {
    store.replace(null, FIRST);

    assertThat(store.take(behindLine())).as("40 jobs wait").isInstanceOf(Conflict.class);
    store.note(0, 99, null, null);
    assertThat(store.take(behindLine())).isInstanceOf(Applied.class);
    assertThat(taken(Place.IN_LINE).waiting()).isZero();
    assertThat(store.take(behindLine())).as("fewer than none").isInstanceOf(Applied.class);
  }

  private Take behindLine() {
    return new Take(FIRST, 1, 0, 99, "t" + tokens.incrementAndGet(), Place.BEHIND_LINE, null);
  }

  @Test
  void aNoteIsRefusedIfMoreJobsAreNoted() {
    store.replace(null, FIRST);

    assertThat(store.note(1, 39, NOW, NOW)).isEqualTo(new Conflict(FIRST));
    assertThat(store.note(1, 40, NOW, NOW).current().waiting()).isEqualTo(1);
  }

  private RateLimitState taken(Place place) {
    return store
        .take(new Take(FIRST, 10, 0, 99, "t" + tokens.incrementAndGet(), place, null))
        .current();
  }

  @Test
  void aNoteChangesOnlyTheNumberAndTheTimes() {
    store.replace(null, FIRST);

    assertThat(store.note(5, 99, null, null)).isEqualTo(new Applied(noted(FIRST.askedAt(), 5)));
    assertThat(store.note(6, 5, null, NOW)).isEqualTo(new Applied(noted(NOW, 6)));
    assertThat(store.note(0, 6, LATER, null))
        .isEqualTo(new Applied(new RateLimitState(FIRST.schedule(), NOW, 0, LATER, FIRST.token())));
    assertThat(granted(take(FIRST, 1, 2, 2))).isEqualTo(3);
  }

  private static RateLimitState noted(Instant askedAt, long waiting) {
    return new RateLimitState(FIRST.schedule(), askedAt, waiting, FIRST.notedAt(), FIRST.token());
  }

  @Test
  void concurrentTakesReturnDistinctNumbers() throws Exception {
    store.replace(null, FIRST);

    assertThat(atOnce(20, () -> granted(take(FIRST, 2, 0, 99))))
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(1, 20).mapToObj(i -> 2 + 2 * i).toList());
  }

  @Test
  void onlyOneOfManyConcurrentReplacementsIsApplied() throws Exception {
    store.replace(null, FIRST);

    assertThat(atOnce(20, () -> store.replace(FIRST, SECOND) instanceof Applied))
        .containsOnlyOnce(true);
  }

  @Test
  void aReadSeesEveryWriteThatWasAnswered() throws Exception {
    store.replace(null, FIRST);

    atOnce(
        20,
        () ->
            assertThat(granted(take(FIRST, 1, 0, 99)))
                .isLessThanOrEqualTo(store.read().schedule().granted()));
  }

  @Test
  void theLargestStateIsReadAsItWasWritten() {
    RateLimitState largest = largestState();
    store.replace(null, largest);

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

  private WriteResult take(RateLimitState last, int count, long least, long most) {
    return store.take(
        new Take(last, count, least, most, "t" + tokens.incrementAndGet(), Place.IN_LINE, null));
  }

  private static long granted(WriteResult result) {
    assertThat(result).isInstanceOf(Applied.class);
    return ((Applied) result).current().schedule().granted();
  }

  private static <T extends @Nullable Object> List<T> atOnce(int threads, Callable<T> call)
      throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> results =
          executor.invokeAll(IntStream.range(0, threads).mapToObj(_ -> call).toList());
      return results.stream().map(Future::resultNow).toList();
    }
  }
}
