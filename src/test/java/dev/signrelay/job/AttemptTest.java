package dev.signrelay.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.Reused;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AttemptTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final NeedsSignature JOB =
      new NeedsSignature(
          new Acceptance("id-1", URI.create("https://example.com/SECRET"), NOW), "SECRET", 3, null);

  private static final SigningResult NOT_GRANTED = new NotGranted(Duration.ofSeconds(90), true);

  @Test
  void anAttemptForAJobHasItsIdNumberAndHost() {
    assertThat(Signing.of(JOB, NOT_GRANTED))
        .isEqualTo(new Signing("id-1", "", 3, "example.com", NOT_GRANTED))
        .hasToString("Signing[id=id-1, number=3]");
    List<Attempt> attempts =
        List.of(
            new Deferred(JOB),
            new Delivery(
                JOB.signed("s", NOW).next().next(),
                new Delivered("http-204"),
                NOW,
                NOW.plusSeconds(1)));
    assertThat(attempts).extracting(Attempt::id).containsOnly("id-1");
    assertThat(attempts).extracting(Attempt::number).containsOnly(3);
  }

  @Test
  void onlyASignedAttemptHasASignature() {
    assertThat(Signing.of(JOB, new Called(new Signed("s"), NOW, NOW)).signature()).isEqualTo("s");
    assertThat(Signing.of(JOB, new Called(new Rejected("http-400"), NOW, NOW)).signature())
        .isNull();
    assertThat(Signing.of(JOB, new Reused("r", Duration.ZERO)).signature()).isEqualTo("r");
    assertThat(Signing.of(JOB, new CallUnderWay()).signature()).isNull();
    assertThat(Signing.of(JOB, NOT_GRANTED).signature()).isNull();
    assertThat(new Reused("SECRET", Duration.ZERO)).hasToString("Reused");
  }
}
