package dev.signrelay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.cache.SignatureCache.Entry;
import dev.signrelay.cache.SignatureCache.Entry.Leased;
import dev.signrelay.cache.SignatureCache.Entry.Reusable;
import dev.signrelay.cache.SignatureCache.Entry.Vacant;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of the cache, for every implementation. */
abstract class SignatureCacheContract {

  static final Duration REUSE = Duration.ofSeconds(60);
  static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final Instant NOW = FakeTime.START;
  static final Instant LEASE_END = NOW.plusSeconds(5);

  FakeTime time;
  SignatureCache cache;

  /** Creates an empty cache that uses the clock {@link #time} and reuses for {@link #REUSE}. */
  abstract SignatureCache emptyCache();

  @BeforeEach
  final void createEmptyCache() {
    time = new FakeTime();
    cache = emptyCache();
    cache.prepare(TIMEOUT);
  }

  @Test
  void theLeaseOfAMessageIsTakenOnce() {
    assertThat(read("hello")).isEqualTo(new Vacant());

    assertThat(lease("a")).isEqualTo(new Vacant());

    assertThat(lease("b")).isEqualTo(new Leased());
    assertThat(lease("a")).as("repeated").isEqualTo(new Vacant());
    assertThat(read("hello")).isEqualTo(new Leased());
    assertThat(read("hello ")).as("another message").isEqualTo(new Vacant());
  }

  @Test
  void ofManyCallersOneTakesTheLease() throws InterruptedException {
    List<Callable<Entry>> callers =
        IntStream.range(0, 20).<Callable<Entry>>mapToObj(i -> () -> lease("owner " + i)).toList();

    try (ExecutorService threads = Executors.newFixedThreadPool(callers.size())) {
      assertThat(threads.invokeAll(callers))
          .extracting(result -> result.resultNow())
          .hasSize(20)
          .containsOnlyOnce(new Vacant())
          .contains(new Leased());
    }
  }

  @Test
  void aLeaseEndsWithItsTime() {
    lease("a");

    time.sleepUntil(LEASE_END);
    assertThat(lease("b")).isEqualTo(new Leased());
    time.sleepUntil(LEASE_END.plusMillis(1));
    assertThat(read("hello")).isEqualTo(new Vacant());
    assertThat(cache.lease("hello", "b", LEASE_END.plusSeconds(5), TIMEOUT))
        .isEqualTo(new Vacant());
    assertThat(read("hello")).isEqualTo(new Leased());
  }

  @Test
  void aSignatureEndsTheLeaseAndPreventsOthers() {
    lease("a");
    time.advance(Duration.ofSeconds(1));

    cache.store("hello", "signature\n ", NOW, TIMEOUT);

    Entry signed = new Reusable("signature\n ", Duration.ofSeconds(1));
    assertThat(read("hello")).isEqualTo(signed);
    assertThat(lease("a")).isEqualTo(signed);
    assertThat(lease("b")).isEqualTo(signed);
  }

  @Test
  void aSignatureIsReusedForTheTimeOfTheSetting() {
    cache.store("hello", "signature", NOW, TIMEOUT);

    time.sleepUntil(NOW.plus(REUSE));
    assertThat(read("hello")).isEqualTo(new Reusable("signature", REUSE));
    time.sleepUntil(NOW.plus(REUSE).plusMillis(1));
    assertThat(read("hello")).isEqualTo(new Vacant());
    assertThat(cache.lease("hello", "a", time.instant().plusSeconds(5), TIMEOUT))
        .isEqualTo(new Vacant());
    cache.store("hello", "another", time.instant(), TIMEOUT);
    assertThat(read("hello")).isEqualTo(new Reusable("another", Duration.ZERO));
  }

  /** Two machines' clocks differ. */
  @Test
  void aSignatureOfTheNearFutureIsReused() {
    cache.store("hello", "signature", NOW.plusSeconds(1), TIMEOUT);

    assertThat(read("hello")).isEqualTo(new Reusable("signature", Duration.ZERO));
  }

  @Test
  void timesOfAClockThatWasFarAheadCountAsPast() {
    cache.store("hello", "signature", NOW.plusSeconds(61), TIMEOUT);
    assertThat(cache.read("hello", TIMEOUT)).isEqualTo(new Vacant());

    cache.lease("hello", "a", NOW.plusSeconds(181), TIMEOUT);
    assertThat(cache.read("hello", TIMEOUT)).isEqualTo(new Vacant());
    assertThat(cache.lease("hello", "b", NOW.plusSeconds(180), TIMEOUT)).isEqualTo(new Vacant());
    assertThat(cache.read("hello", TIMEOUT)).isEqualTo(new Leased());
  }

  @Test
  void onlyItsOwnerReleasesALease() {
    lease("a");

    cache.release("hello", "b", TIMEOUT);
    assertThat(read("hello")).isEqualTo(new Leased());
    cache.release("hello", "a", TIMEOUT);
    cache.release("hello", "a", TIMEOUT);
    assertThat(lease("b")).isEqualTo(new Vacant());
  }

  @Test
  void releasingALeaseKeepsASignature() {
    cache.store("hello", "signature", NOW, TIMEOUT);

    cache.release("hello", "a", TIMEOUT);

    assertThat(read("hello")).isInstanceOf(Reusable.class);
  }

  @Test
  void anyMessageCanBeAKey() {
    String longest = "\u0000\ud83d\ude00" + "x".repeat(4_091);

    cache.store(longest, "x".repeat(16_384), NOW, TIMEOUT);

    assertThat(read(longest)).isInstanceOf(Reusable.class);
    assertThat(read(longest.substring(1))).isEqualTo(new Vacant());
  }

  private Entry read(String message) {
    return cache.read(message, TIMEOUT);
  }

  private Entry lease(String owner) {
    return cache.lease("hello", owner, LEASE_END, TIMEOUT);
  }
}
