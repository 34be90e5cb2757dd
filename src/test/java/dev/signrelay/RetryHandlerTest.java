package dev.signrelay;

import static dev.signrelay.testing.FakeServices.failed;
import static dev.signrelay.testing.FakeServices.undelivered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.QueueBatch;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetryHandlerTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), FakeServices.START);

  private final FakeServices fakes = new FakeServices();

  @Test
  void aSignatureIsDeliveredInTheSameInvocation() {
    handle(needsSignature("hello", 2));

    assertThat(fakes.delivered)
        .containsExactly(new FakeServices.Delivery(ACCEPTANCE.callbackUrl(), "job-7", "signature"));
    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void aFailedAttemptIsQueuedAsTheNextOneWithALongerDelay() {
    fakes.upstream = _ -> failed("http-503");

    handle(needsSignature("hello", 2));

    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::job, FakeServices.Sent::delay)
        .containsExactly(tuple(needsSignature("hello", 3), Duration.ofSeconds(60)));
  }

  @Test
  void aFailedDeliveryIsQueuedWithItsSignature() {
    fakes.receiver = _ -> undelivered("http-500", null);

    handle(needsSignature("hello", 2));

    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::job)
        .containsExactly(new NeedsCallback(ACCEPTANCE, "signature", 2, null));
  }

  @Test
  void aJobWithASignatureIsDeliveredWithoutAnUpstreamCall() {
    handle(new NeedsCallback(ACCEPTANCE, "kept", 4, null));

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.delivered)
        .extracting(FakeServices.Delivery::signature)
        .containsExactly("kept");
  }

  @Test
  void jobsThatCannotEndWellAreDeadLettersWithTheirReasonAndAFreshStart() {
    fakes.upstream = m -> m.equals("bad") ? new Rejected("http-413") : failed("timeout");
    fakes.receiver =
        d ->
            switch (d.signature()) {
              case "gone" -> new Gone("http-410");
              case "private" -> new Forbidden("forbidden-address");
              default -> undelivered("tls", null);
            };

    handle(
        needsSignature("bad", 3),
        needsSignature("hello", 20),
        new NeedsCallback(ACCEPTANCE, "gone", 2, null),
        new NeedsCallback(ACCEPTANCE, "private", 1, null),
        new NeedsCallback(ACCEPTANCE, "refused", 10, null));

    assertThat(fakes.dead)
        .containsExactlyInAnyOrder(
            new FakeServices.Dead(
                needsSignature("bad", 1),
                new DeadLetterReason(Kind.MESSAGE_REJECTED, "http-413", 3)),
            new FakeServices.Dead(
                needsSignature("hello", 1),
                new DeadLetterReason(Kind.SIGNING_EXHAUSTED, "timeout", 20)),
            new FakeServices.Dead(
                new NeedsCallback(ACCEPTANCE, "gone", 1, null),
                new DeadLetterReason(Kind.CALLBACK_GONE, "http-410", 2)),
            new FakeServices.Dead(
                new NeedsCallback(ACCEPTANCE, "private", 1, null),
                new DeadLetterReason(Kind.CALLBACK_FORBIDDEN, "forbidden-address", 1)),
            new FakeServices.Dead(
                new NeedsCallback(ACCEPTANCE, "refused", 1, null),
                new DeadLetterReason(Kind.CALLBACK_EXHAUSTED, "tls", 10)));
    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void aJobThatIsNotDueYetHopsAndIsNotTried() {
    var due = FakeServices.START.plusSeconds(1_000);

    handle(new NeedsSignature(ACCEPTANCE, "hello", 5, due));

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent)
        .singleElement()
        .satisfies(
            s -> {
              assertThat(s.job()).isEqualTo(new NeedsSignature(ACCEPTANCE, "hello", 5, due));
              assertThat(s.delay()).isEqualTo(Duration.ofSeconds(900));
            });
  }

  @Test
  void aSignatureThatCameTooLateToBeDeliveredIsKeptForTheNextInvocation() {
    fakes.upstream = _ -> fakes.after(Duration.ofSeconds(28), new Signed("late"));

    handle(needsSignature("hello", 2));

    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::job, FakeServices.Sent::delay)
        .containsExactly(tuple(new NeedsCallback(ACCEPTANCE, "late", 1, null), Duration.ZERO));
  }

  @Test
  void oneMessageThatComesTwiceIsWorkedOnTwiceUnderOneId() {
    handle(needsSignature("hello", 2));
    handle(needsSignature("hello", 2));

    assertThat(fakes.delivered)
        .hasSize(2)
        .extracting(FakeServices.Delivery::id)
        .containsOnly("job-7");
  }

  private void handle(Job... jobs) {
    assertThat(QueueBatch.of(jobs).failed(fakes)).isEmpty();
  }

  private static NeedsSignature needsSignature(String message, int attempt) {
    return new NeedsSignature(ACCEPTANCE, message, attempt, null);
  }
}
