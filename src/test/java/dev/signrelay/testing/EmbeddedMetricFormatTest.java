package dev.signrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmbeddedMetricFormatTest {

  private static final String LINE =
      """
      {"_aws": {"Timestamp": 1795780800000, "CloudWatchMetrics": [
        {"Namespace": "Shop", "Dimensions": [["Counter"]], "Metrics": [{"Name": "Sold", "Unit": "Count"}]}]},
       "Counter": "left", "Sold": 3, "customer": "id-1"}""";

  @Test
  void aLineInTheFormatHasNoViolations() {
    assertThat(EmbeddedMetricFormat.violations(LogAssertions.json(LINE))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"Timestamp\": 1795780800000, |",
        "1795780800000 | \"2026-11-28\"",
        "\"Namespace\": \"Shop\", |",
        "\"Shop\" | \"\"",
        "\"Dimensions\": [[\"Counter\"]], |",
        "[[\"Counter\"]] | []",
        "[[\"Counter\"]] | [\"Counter\"]",
        "\"Name\": \"Sold\", |",
        "\"Count\" | \"Pieces\"",
        "\"Unit\": \"Count\" | \"StorageResolution\": 5",
        "\"Unit\": \"Count\" | \"Value\": 3",
        "\"Sold\": 3 | \"Sold\": \"3\"",
        "\"Sold\": 3, |",
        "\"left\" | 7",
        "\"_aws\" | \"aws\"",
      })
  void eachMistakeIsAViolation(String text, String replacement) {
    String line = LINE.replace(text, replacement == null ? "" : replacement);

    assertThat(line).isNotEqualTo(LINE);
    assertThat(EmbeddedMetricFormat.violations(LogAssertions.json(line))).isNotEmpty();
  }
}
