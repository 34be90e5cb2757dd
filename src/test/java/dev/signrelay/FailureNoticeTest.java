package dev.signrelay;

import static dev.signrelay.Parts.undelivered;
import static dev.signrelay.Parts.unsigned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import dev.signrelay.callback.DeliveryOutcome.Gone;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Whether a receiver hears that its job is given up. */
final class FailureNoticeTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), Parts.START);
  private static final Parts.Delivery NOTICE =
      new Parts.Delivery(ACCEPTANCE.callbackUrl(), "job-7", null);

  private final Parts parts = new Parts().with("CALLBACK_ON_FAILURE", "true");

  @Test
  void aRejectedMessageIsToldOnce() {
    parts.upstream = _ -> new Rejected("http-422");

    handle(needsSignature(2));

    assertThat(parts.dead).hasSize(1);
    assertThat(parts.delivered).containsExactly(NOTICE);
  }

  @Test
  void aJobThatRunsOutOfAttemptsIsToldOnce() {
    parts.upstream = _ -> unsigned("http-503");

    handle(needsSignature(20));

    assertThat(parts.delivered).containsExactly(NOTICE);
  }

  @Test
  void aReceiverThatFailedAllAlongIsToldOnceMoreAndThatIsNotTriedAgain() {
    parts.receiver = _ -> undelivered("http-500", null);

    handle(new NeedsCallback(ACCEPTANCE, "signature", 10, null));

    assertThat(parts.delivered).hasSize(2).last().isEqualTo(NOTICE);
    assertThat(parts.sent).isEmpty();
    assertThat(parts.dead).hasSize(1);
  }

  @Test
  void aReceiverThatWantsToHearNothingOrMustNotIsNotTold() {
    parts.receiver =
        d -> d.signature().equals("gone") ? new Gone("http-410") : new Forbidden("forbidden-url");

    handle(
        new NeedsCallback(ACCEPTANCE, "gone", 1, null),
        new NeedsCallback(ACCEPTANCE, "forbidden", 1, null));

    assertThat(parts.dead).hasSize(2);
    assertThat(parts.delivered).doesNotContain(NOTICE);
  }

  @Test
  void nothingIsToldBeforeTheDeadLetterIsStored() {
    parts.upstream = _ -> new Rejected("http-422");
    parts.queueIsDown = true;

    assertThat(Batch.of(needsSignature(2)).failed(parts)).hasSize(1);
    assertThat(parts.delivered).isEmpty();
  }

  @Test
  void unlessItIsAskedForNothingIsTold() {
    parts.with("CALLBACK_ON_FAILURE", "").upstream = _ -> new Rejected("http-422");

    handle(needsSignature(2));

    assertThat(parts.delivered).isEmpty();
  }

  @Test
  void theNoticeIsLogged() {
    parts.upstream = _ -> new Rejected("http-422");

    handle(needsSignature(2));

    assertThat(parts.log)
        .last()
        .satisfies(
            line -> {
              assertThat(line.name()).isEqualTo("failure notice");
              assertThat(line.fields())
                  .containsEntry("id", "job-7")
                  .containsEntry("outcome", "http-204")
                  .containsEntry("callbackHost", "receiver.example");
            });
  }

  private void handle(Job... jobs) {
    assertThat(Batch.of(jobs).failed(parts)).isEmpty();
  }

  private static NeedsSignature needsSignature(int attempt) {
    return new NeedsSignature(ACCEPTANCE, "hello", attempt, null);
  }
}
