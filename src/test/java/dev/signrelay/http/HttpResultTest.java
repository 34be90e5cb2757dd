package dev.signrelay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.Reply;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpResultTest {

  @ParameterizedTest
  @CsvSource({
    "TIMEOUT, timeout",
    "UNKNOWN_HOST, unknown-host",
    "FORBIDDEN_ADDRESS, forbidden-address",
    "CONNECT, connect",
    "TOO_LATE, too-late",
    "TLS, tls",
    "DISCONNECTED, disconnected",
    "MALFORMED, malformed",
  })
  void aCauseHasACode(Cause cause, String code) {
    assertThat(cause.code()).isEqualTo(code);
  }

  @Test
  void aReplyReadsItsRetryAfter() {
    assertThat(new Reply(503, null, "7", new byte[0], false).retryAfter(Instant.EPOCH))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(new Reply(503, null, null, new byte[0], false).retryAfter(Instant.EPOCH)).isNull();
  }
}
