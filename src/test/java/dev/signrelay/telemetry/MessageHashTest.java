package dev.signrelay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MessageHashTest {

  /** As {@code printf %s abc | sha256sum | cut -c-12} gives. */
  @ParameterizedTest
  @CsvSource({"'', e3b0c44298fc", "abc, ba7816bf8f01", "é, 4a99557e4033", "🔑, c5c755214027"})
  void aHashIsTheStartOfTheSha256OfTheMessagesUtf8(String message, String hash) {
    assertThat(MessageHash.of(message)).isEqualTo(hash);
  }
}
