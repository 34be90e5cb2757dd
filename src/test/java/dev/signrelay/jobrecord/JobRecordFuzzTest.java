package dev.signrelay.jobrecord;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileItems;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Any item is a record that survives a round trip, or none, or has an unknown status. */
public final class JobRecordFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration KEEP = Duration.ofDays(1);
  private static final Set<String> NUMBERS =
      Set.of("position", "expiresAt", "acceptedAt", "attempts", "deliveries", "nextAttemptAt");
  private static final String RECORD =
      """
      id 1
      status signing
      client billing
      signature c2ln
      lastOutcome http-503
      reason expired
      position 1
      acceptedAt 1795435200000
      attempts 3
      deliveries 1
      nextAttemptAt 1795435200000
      expiresAt 1795521600""";

  @Test
  void anyItemIsARecordOrNone() {
    Fuzz.check(FUNCTION_CASES, in -> HostileItems.some(in, RECORD), JobRecordFuzzTest::check);
  }

  /** The item is a record that survives a round trip, or none, or has an unknown status. */
  public static void check(String text) {
    Map<String, AttributeValue> item = HostileItems.item(text, NUMBERS);
    try {
      JobRecord.of(item, NOW).ifPresent(JobRecordFuzzTest::survives);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("No enum constant");
    }
  }

  private static void survives(JobRecord read) {
    var written = new HashMap<>(Map.of("id", AttributeValue.fromS(read.id())));
    read.attributes(NOW, KEEP)
        .forEach(
            (name, value) -> {
              if (value != null) {
                written.put(name, value);
              }
            });
    assertThat(JobRecord.of(written, NOW)).contains(read);
  }
}
