package dev.signrelay;

import static dev.signrelay.Parts.undelivered;
import static dev.signrelay.Parts.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import dev.signrelay.callback.DeliveryOutcome.Gone;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.DeadLetterReason.Kind;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import dev.signrelay.upstream.SigningOutcome.Signed;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetryHandlerTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), Parts.START);

  private final Parts parts = new Parts();

  @Test
  void aSignatureIsDeliveredInTheSameInvocation() {
    handle(needsSignature("hello", 2));

    assertThat(parts.delivered)
        .containsExactly(new Parts.Delivery(ACCEPTANCE.callbackUrl(), "job-7", "signature"));
    assertThat(parts.sent).isEmpty();
  }

  @Test
  void aFailedAttemptIsQueuedAsTheNextOneWithALongerDelay() {
    parts.upstream = _ -> unsigned("http-503");

    handle(needsSignature("hello", 2));

    assertThat(parts.sent)
        .extracting(Parts.Sent::job, Parts.Sent::delay)
        .containsExactly(tuple(needsSignature("hello", 3), Duration.ofSeconds(60)));
  }

  @Test
  void aFailedDeliveryIsQueuedWithItsSignature() {
    parts.receiver = _ -> undelivered("http-500", null);

    handle(needsSignature("hello", 2));

    assertThat(parts.sent)
        .extracting(Parts.Sent::job)
        .containsExactly(new NeedsCallback(ACCEPTANCE, "signature", 2, null));
  }

  @Test
  void aJobWithASignatureIsDeliveredWithoutAnUpstreamCall() {
    handle(new NeedsCallback(ACCEPTANCE, "kept", 4, null));

    assertThat(parts.signed).isEmpty();
    assertThat(parts.delivered).extracting(Parts.Delivery::signature).containsExactly("kept");
  }

  @Test
  void jobsThatCannotEndWellAreDeadLettersWithTheirReasonAndAFreshStart() {
    parts.upstream = m -> m.equals("bad") ? new Rejected("http-413") : unsigned("timeout");
    parts.receiver =
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

    assertThat(parts.dead)
        .containsExactlyInAnyOrder(
            new Parts.Dead(
                needsSignature("bad", 1),
                new DeadLetterReason(Kind.MESSAGE_REJECTED, "http-413", 3)),
            new Parts.Dead(
                needsSignature("hello", 1),
                new DeadLetterReason(Kind.SIGNING_EXHAUSTED, "timeout", 20)),
            new Parts.Dead(
                new NeedsCallback(ACCEPTANCE, "gone", 1, null),
                new DeadLetterReason(Kind.CALLBACK_GONE, "http-410", 2)),
            new Parts.Dead(
                new NeedsCallback(ACCEPTANCE, "private", 1, null),
                new DeadLetterReason(Kind.CALLBACK_FORBIDDEN, "forbidden-address", 1)),
            new Parts.Dead(
                new NeedsCallback(ACCEPTANCE, "refused", 1, null),
                new DeadLetterReason(Kind.CALLBACK_EXHAUSTED, "tls", 10)));
    assertThat(parts.sent).isEmpty();
  }

  @Test
  void aJobThatIsNotDueYetHopsAndIsNotTried() {
    var due = Parts.START.plusSeconds(1_000);

    handle(new NeedsSignature(ACCEPTANCE, "hello", 5, due));

    assertThat(parts.signed).isEmpty();
    assertThat(parts.sent)
        .singleElement()
        .satisfies(
            s -> {
              assertThat(s.job()).isEqualTo(new NeedsSignature(ACCEPTANCE, "hello", 5, due));
              assertThat(s.delay()).isEqualTo(Duration.ofSeconds(900));
            });
  }

  @Test
  void aSignatureThatCameTooLateToBeDeliveredIsKeptForTheNextInvocation() {
    parts.upstream = _ -> parts.after(Duration.ofSeconds(28), new Signed("late"));

    handle(needsSignature("hello", 2));

    assertThat(parts.delivered).isEmpty();
    assertThat(parts.sent)
        .extracting(Parts.Sent::job, Parts.Sent::delay)
        .containsExactly(tuple(new NeedsCallback(ACCEPTANCE, "late", 1, null), Duration.ZERO));
  }

  @Test
  void oneMessageThatComesTwiceIsWorkedOnTwiceUnderOneId() {
    handle(needsSignature("hello", 2));
    handle(needsSignature("hello", 2));

    assertThat(parts.delivered).hasSize(2).extracting(Parts.Delivery::id).containsOnly("job-7");
  }

  private void handle(Job... jobs) {
    assertThat(Batch.of(jobs).failed(parts)).isEmpty();
  }

  private static NeedsSignature needsSignature(String message, int attempt) {
    return new NeedsSignature(ACCEPTANCE, message, attempt, null);
  }
}
