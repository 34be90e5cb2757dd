package dev.signrelay.jobrecord;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileItems;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Any item is an entry, and no signature is reused after its time. */
public final class CacheEntryFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration REUSE = Duration.ofMinutes(10);
  private static final Set<String> NUMBERS = Set.of("signedAt", "leasedUntil", "expiresAt");
  private static final String ITEM =
      """
      signature c2ln
      signedAt 1795434900000
      leasedBy owner
      leasedUntil 1795435260000""";

  @Test
  void anyItemIsAnEntry() {
    Fuzz.check(FUNCTION_CASES, in -> HostileItems.some(in, ITEM), CacheEntryFuzzTest::check);
  }

  /** The item is an entry, and a signature is reused only within its time. */
  public static void check(String text) {
    Map<String, AttributeValue> item = HostileItems.item(text, NUMBERS);
    switch (CacheEntry.of(item, NOW, REUSE)) {
      case CacheEntry.Reusable(String signature, Duration age) -> {
        assertThat(item).containsEntry("signature", AttributeValue.fromS(signature));
        assertThat(age).isBetween(Duration.ZERO, REUSE);
        assertThat(CacheEntry.of(item, NOW.plus(REUSE.multipliedBy(2)).plusMillis(1), REUSE))
            .isNotInstanceOf(CacheEntry.Reusable.class);
      }
      case CacheEntry.Leased() ->
          // Longer than any lease.
          assertThat(CacheEntry.of(item, NOW.plusSeconds(181), REUSE))
              .isNotInstanceOf(CacheEntry.Leased.class);
      case CacheEntry.Vacant() -> {}
    }
  }
}
