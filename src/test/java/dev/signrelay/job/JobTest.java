package dev.signrelay.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.Reused;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(3_600);
  private static final URI URL = URI.create("https://example.com/hook?token=the-token");
  private static final Acceptance ACCEPTANCE = new Acceptance("id-1", URL, NOW);

  private static final NeedsSignature UNSIGNED =
      new NeedsSignature(ACCEPTANCE, "message", 7, null, ACCEPTANCE.at());

  @Test
  void aFreshJobIsInTheSameStageWithoutAttemptsAndDueAtOnceAndBeginsNow() {
    assertThat(new NeedsSignature(ACCEPTANCE, "message", 7, NOW, ACCEPTANCE.at()).fresh(LATER))
        .isEqualTo(new NeedsSignature(ACCEPTANCE, "message", 1, null, LATER));
    assertThat(new NeedsCallback(ACCEPTANCE, "signature", 7, NOW, NOW, 3).fresh(LATER))
        .isEqualTo(new NeedsCallback(ACCEPTANCE, "signature", 1, null, LATER, 3));
  }

  @Test
  void aSignedJobBeginsItsNextStageNowAndKnowsItsCalls() {
    assertThat(UNSIGNED.signed("signature", LATER))
        .isEqualTo(new NeedsCallback(ACCEPTANCE, "signature", 1, null, LATER, 7));
  }

  @Test
  void aStageBeginsLaterThanTheOneBeforeWhateverTheClockSays() {
    assertThat(UNSIGNED.signed("signature", NOW.minusSeconds(60)).since())
        .isEqualTo(NOW.plusMillis(1));
    assertThat(UNSIGNED.fresh(NOW).since()).isEqualTo(NOW.plusMillis(1));
  }

  @Test
  void aJobExpiresWhenItsResultIsNoLongerWanted() {
    var wanted = new Acceptance("id-1", URL, NOW, LATER, "");

    assertThat(NeedsSignature.first(wanted, "message").isExpired(LATER.minusNanos(1))).isFalse();
    assertThat(NeedsSignature.first(wanted, "message").isExpired(LATER)).isTrue();
    assertThat(UNSIGNED.isExpired(Instant.MAX)).isFalse();
  }

  @Test
  void anAttemptAndADelayChangeNothingElse() {
    var unsigned = new NeedsSignature(ACCEPTANCE, "message", 7, NOW, LATER);
    var signed = new NeedsCallback(ACCEPTANCE, "signature", 7, NOW, LATER, 3);

    assertThat(unsigned.next())
        .isEqualTo(new NeedsSignature(ACCEPTANCE, "message", 8, null, LATER));
    assertThat(unsigned.withNotBefore(LATER))
        .isEqualTo(new NeedsSignature(ACCEPTANCE, "message", 7, LATER, LATER));
    assertThat(signed.next())
        .isEqualTo(new NeedsCallback(ACCEPTANCE, "signature", 8, null, LATER, 3));
    assertThat(signed.withNotBefore(null))
        .isEqualTo(new NeedsCallback(ACCEPTANCE, "signature", 7, null, LATER, 3));
  }

  @Test
  void onlyASignedAttemptHasASignature() {
    assertThat(List.of(new Called(new Signed("s"), NOW, NOW), new Reused("s", Duration.ZERO)))
        .allMatch(result -> "s".equals(new Signing(UNSIGNED, result).signature()));
    assertThat(List.of(new Called(new Rejected("http-400"), NOW, NOW), new CallUnderWay()))
        .allMatch(result -> new Signing(UNSIGNED, result).signature() == null);
  }

  @ParameterizedTest
  @CsvSource({
    "0, text, attempt must be at least 1",
    "-2147483648, text, attempt must be at least 1",
    "1, '', message must not be empty",
  })
  void aJobHasATextAndCountsItsAttemptsFromOneToTheLargestNumber(
      int attempt, String text, String error) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NeedsSignature(ACCEPTANCE, text, attempt, null, NOW))
        .withMessage(error);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NeedsCallback(ACCEPTANCE, text, attempt, null, NOW, 1))
        .withMessage(error.replace("message", "signature"));
    Job last = UNSIGNED.with(Integer.MAX_VALUE, null, NOW);
    assertThat(last.next()).isEqualTo(last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n", "a b", "id-1\r\nX-Forged: 1", "\u0000", "\u007f", "é"})
  void anIdThatCannotBeAHeaderIsRefused(String id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Acceptance(id, URL, NOW))
        .withMessage("id must be 1 to 100 visible ASCII characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/hook",
        "example.com",
        "https:///hook",
        "https:opaque",
        "ftp://example.com",
        "mailto:a@example.com"
      })
  void anyOtherCallbackUrlIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Acceptance("id-1", URI.create(url), NOW))
        .withMessage("callbackUrl must be an absolute http or https URL");
  }

  /** {@code RecordTextTest} shows that it has no secrets. */
  @Test
  void theTextOfAJobHasItsIdAndAttempt() {
    assertThat(ACCEPTANCE).hasToString("Acceptance[id=id-1]");
    assertThat(UNSIGNED).hasToString("NeedsSignature[id=id-1, attempt=7]");
    assertThat(UNSIGNED.signed("s", NOW)).hasToString("NeedsCallback[id=id-1, attempt=1]");
    assertThat(new Signing(UNSIGNED, new CallUnderWay()).id()).isEqualTo("id-1");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aReceiverThatIsGoneNotAllowedOrUnknownIsNotNotified(Kind kind) {
    assertThat(kind.allowsFailureNotice())
        .isNotEqualTo(
            Set.of("callback-gone", "callback-forbidden", "malformed").contains(kind.code()));
  }
}
