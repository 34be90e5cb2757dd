package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ScheduleStore.Written.Refused;
import dev.signrelay.limit.ScheduleStore.Written.Stored;
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

/** What a store has to do for the limiter, whoever runs it. */
abstract class ScheduleStoreContract {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");
  private static final Instant MUCH_LATER = Instant.parse("2100-01-01T00:00:00Z");
  private static final GrantSchedule FIRST =
      new GrantSchedule(
          "first",
          Duration.ofMillis(62_500),
          List.of(NOW, NOW.plusMillis(1), NOW.plusSeconds(9)),
          2);
  private static final GrantSchedule SECOND =
      GrantSchedule.idle("second", Duration.ofSeconds(5), 1, NOW);

  /** A store with nothing in it. */
  abstract ScheduleStore emptyStore();

  private ScheduleStore store;

  @BeforeEach
  void startEmpty() {
    store = emptyStore();
  }

  @Test
  void theFirstScheduleIsTakenOnlyIfThereIsNone() {
    assertThat(store.replace(null, FIRST)).isEqualTo(new Stored(FIRST));
    assertThat(store.replace(null, SECOND)).isEqualTo(new Refused(FIRST));
  }

  @Test
  void aScheduleThatIsNotThereCanNeitherBeReplacedNorCounted() {
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Refused(null));
    assertThat(store.count(FIRST, 0, 9)).isEqualTo(new Refused(null));
  }

  @Test
  void aScheduleIsReplacedIfItIsAsItWasRead() {
    store.replace(null, FIRST);

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Stored(SECOND));
    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Refused(SECOND));
  }

  @Test
  void aScheduleIsNotReplacedIfAGrantWasGivenSinceItWasRead() {
    store.replace(null, FIRST);
    store.count(FIRST, 2, 2);

    assertThat(store.replace(FIRST, SECOND)).isEqualTo(new Refused(FIRST.withGranted(3)));
  }

  @Test
  void grantsAreCountedWithinTheBoundsAndNotPastThem() {
    store.replace(null, FIRST);

    assertThat(store.count(FIRST, 3, 9)).isEqualTo(new Refused(FIRST));
    assertThat(store.count(FIRST, 2, 1)).isEqualTo(new Refused(FIRST));
    assertThat(store.count(FIRST, 2, 2)).isEqualTo(new Stored(FIRST.withGranted(3)));
    assertThat(store.count(FIRST, 0, Long.MAX_VALUE)).isEqualTo(new Stored(FIRST.withGranted(4)));
  }

  @Test
  void grantsOfAnotherVersionAreNotCounted() {
    store.replace(null, FIRST);

    assertThat(store.count(SECOND, 0, 9)).isEqualTo(new Refused(FIRST));
  }

  @Test
  void ofManyWhoCountAtOnceEachGetsANumberOfItsOwn() throws Exception {
    store.replace(null, FIRST);

    assertThat(atOnce(20, () -> ((Stored) store.count(FIRST, 0, 99)).current().granted()))
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(3, 22).boxed().toList());
  }

  @Test
  void ofManyWhoReplaceAtOnceOneDoes() throws Exception {
    store.replace(null, FIRST);

    assertThat(atOnce(20, () -> store.replace(FIRST, SECOND) instanceof Stored))
        .containsOnlyOnce(true);
  }

  @Test
  void aGrantIsClaimedOnce() throws Exception {
    assertThat(atOnce(20, () -> store.claim("first/7", MUCH_LATER))).containsOnlyOnce(true);
    assertThat(store.claim("first/8", MUCH_LATER)).isTrue();
  }

  @Test
  void theLargestScheduleComesBackAsItWent() {
    GrantSchedule largest =
        new GrantSchedule(
            "large",
            Duration.ofMillis(62_500),
            IntStream.range(0, 1_000).mapToObj(i -> NOW.plusMillis(60L * i)).toList(),
            4_000_000_000L);
    store.replace(null, largest);

    assertThat(store.replace(null, SECOND)).isEqualTo(new Refused(largest));
  }

  @Test
  void preparingStoresNothing() {
    store.prepare();

    assertThat(store.replace(null, FIRST)).isEqualTo(new Stored(FIRST));
  }

  private static <T> List<T> atOnce(int threads, Callable<T> call) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> results =
          executor.invokeAll(IntStream.range(0, threads).mapToObj(_ -> call).toList());
      return results.stream().map(Future::resultNow).toList();
    }
  }
}
