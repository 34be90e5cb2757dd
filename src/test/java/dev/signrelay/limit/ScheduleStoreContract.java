package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of the store, for every implementation. */
abstract class ScheduleStoreContract {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
  private static final GrantSchedule FIRST =
      new GrantSchedule(
          "first",
          Duration.ofMillis(62_500),
          List.of(NOW, NOW.plusMillis(1), NOW.plusSeconds(9)),
          2);
  private static final GrantSchedule SECOND =
      GrantSchedule.idle("second", Duration.ofSeconds(5), 1, NOW);

  /** Creates an empty store. */
  abstract ScheduleStore emptyStore();

  private ScheduleStore store;

  @BeforeEach
  void createEmptyStore() {
    store = emptyStore();
  }

  @Test
  void theFirstScheduleIsStoredOnlyIfThereIsNone() {
    assertThat(store.replace(null, FIRST)).isEqualTo(new Applied(FIRST));
    assertThat(store.replace(null, SECOND)).isEqualTo(new Conflict(FIRST));
  }

  @Test
  void aMissingScheduleIsNeitherReplacedNorIncremented() {
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(null));
    assertThat(store.increment(FIRST, 0, 9)).isEqualTo(new Conflict(null));
  }

  @Test
  void anUnchangedScheduleIsReplaced() {
    store.replace(null, FIRST);

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Applied(SECOND));
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(SECOND));
  }

  @Test
  void aScheduleIsNotReplacedAfterAFurtherGrant() {
    store.replace(null, FIRST);
    store.increment(FIRST, 2, 2);

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Conflict(FIRST.withGranted(3)));
  }

  @Test
  void theCountIsIncrementedOnlyWithinTheBounds() {
    store.replace(null, FIRST);

    assertThat(store.increment(FIRST, 3, 9)).isEqualTo(new Conflict(FIRST));
    assertThat(store.increment(FIRST, 2, 1)).isEqualTo(new Conflict(FIRST));
    assertThat(store.increment(FIRST, 2, 2)).isEqualTo(new Applied(FIRST.withGranted(3)));
    assertThat(store.increment(FIRST, 0, Long.MAX_VALUE))
        .isEqualTo(new Applied(FIRST.withGranted(4)));
  }

  @Test
  void aScheduleOfAnotherVersionIsNotIncremented() {
    store.replace(null, FIRST);

    assertThat(store.increment(SECOND, 0, 9)).isEqualTo(new Conflict(FIRST));
  }

  @Test
  void concurrentIncrementsReturnDistinctNumbers() throws Exception {
    store.replace(null, FIRST);

    assertThat(atOnce(20, () -> ((Applied) store.increment(FIRST, 0, 99)).current().granted()))
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(3, 22).boxed().toList());
  }

  @Test
  void onlyOneOfManyConcurrentReplacementsIsApplied() throws Exception {
    store.replace(null, FIRST);

    assertThat(atOnce(20, () -> store.replace(FIRST, SECOND) instanceof Applied))
        .containsOnlyOnce(true);
  }

  @Test
  void aGrantIsClaimedOnce() throws Exception {
    assertThat(atOnce(20, () -> store.claim("first/7", LATER))).containsOnlyOnce(true);
    assertThat(store.claim("first/8", LATER)).isTrue();
  }

  @Test
  void theLargestScheduleIsReadAsItWasWritten() {
    GrantSchedule largest =
        new GrantSchedule(
            "large",
            Duration.ofMillis(62_500),
            IntStream.range(0, 1_000).mapToObj(i -> NOW.plusMillis(60L * i)).toList(),
            4_000_000_000L);
    store.replace(null, largest);

    assertThat(store.replace(null, SECOND)).isEqualTo(new Conflict(largest));
  }

  private static <T> List<T> atOnce(int threads, Callable<T> call) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> results =
          executor.invokeAll(IntStream.range(0, threads).mapToObj(_ -> call).toList());
      return results.stream().map(Future::resultNow).toList();
    }
  }
}
