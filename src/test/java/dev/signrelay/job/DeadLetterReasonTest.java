package dev.signrelay.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeadLetterReasonTest {

  @ParameterizedTest
  @CsvSource({
    "MESSAGE_REJECTED, message-rejected, true",
    "SIGNING_EXHAUSTED, signing-exhausted, true",
    "CALLBACK_EXHAUSTED, callback-exhausted, true",
    "CALLBACK_GONE, callback-gone, false",
    "CALLBACK_FORBIDDEN, callback-forbidden, false",
    "EXPIRED, expired, true",
    "MALFORMED, malformed, false",
  })
  void aKindHasACodeAndMayAllowAFailureNotice(Kind kind, String code, boolean allowsNotice) {
    assertThat(kind.code()).isEqualTo(code);
    assertThat(kind.allowsFailureNotice()).isEqualTo(allowsNotice);
  }
}
