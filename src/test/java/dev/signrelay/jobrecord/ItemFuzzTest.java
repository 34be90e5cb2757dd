package dev.signrelay.jobrecord;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items of the table as text: a line for each attribute, with its name, a space and its value.
 * Attributes have the types that SignRelay writes, as IAM lets nobody else write.
 */
public final class ItemFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration REUSE = Duration.ofMinutes(10);
  private static final Set<String> NUMBERS =
      Set.of(
          "position",
          "expiresAt",
          "acceptedAt",
          "attempts",
          "deliveries",
          "nextAttemptAt",
          "signedAt",
          "leasedUntil");
  private static final String SIGNATURE =
      """
      signature c2ln
      signedAt 1795434900000
      leasedBy owner
      leasedUntil 1795435260000""";
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
  void anyItemOfAMessageIsAnEntry() {
    Fuzz.check(FUNCTION_CASES, in -> some(in, SIGNATURE), ItemFuzzTest::checkSignature);
  }

  @Test
  void anyItemOfAJobIsARecordOrNone() {
    Fuzz.check(FUNCTION_CASES, in -> some(in, RECORD), ItemFuzzTest::checkRecord);
  }

  /** Some of the lines of a text, with other numbers in some of them. */
  private static String some(SeededInput in, String text) {
    return text.lines()
        .filter(_ -> !in.oneIn(6))
        .map(line -> in.oneIn(4) ? line.replaceAll("[0-9]+$", number(in)) : line)
        .collect(Collectors.joining("\n"));
  }

  private static String number(SeededInput in) {
    return in.oneOf("0", "-1", "1", "1795435200", "1795435200000", "9223372036854775807");
  }

  /** The item is an entry, and a signature is reused only within its time. */
  public static void checkSignature(String text) {
    Map<String, AttributeValue> item = item(text);
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

  /** The item is a record that survives a round trip, or none. */
  public static void checkRecord(String text) {
    JobRecord.of(item(text), NOW).ifPresent(ItemFuzzTest::survives);
  }

  private static void survives(JobRecord read) {
    var written = new HashMap<>(Map.of("id", AttributeValue.fromS(read.id())));
    read.attributes(NOW, Duration.ofDays(1))
        .forEach(
            (name, value) -> {
              if (value != null) {
                written.put(name, value);
              }
            });
    assertThat(JobRecord.of(written, NOW)).contains(read);
  }

  /** Lines with a number that is no {@code long} are left out. */
  private static Map<String, AttributeValue> item(String text) {
    var item = new HashMap<String, AttributeValue>();
    for (String line : text.split("\n")) {
      String[] attribute = line.split(" ", 2);
      String value = attribute.length == 2 ? attribute[1] : "";
      if (!NUMBERS.contains(attribute[0])) {
        item.put(attribute[0], AttributeValue.fromS(value));
      } else if (value.matches("0|-?[1-9][0-9]{0,17}|[-]?9223372036854775807")) {
        item.put(attribute[0], AttributeValue.fromN(value));
      }
    }
    return item;
  }
}
