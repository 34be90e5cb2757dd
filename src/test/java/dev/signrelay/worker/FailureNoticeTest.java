package dev.signrelay.worker;

import static dev.signrelay.testing.FakeServices.failed;
import static dev.signrelay.testing.FakeServices.undelivered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.QueueBatch;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Whether a receiver hears that its job is given up. */
final class FailureNoticeTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), FakeServices.START);
  private static final FakeServices.Delivery NOTICE =
      new FakeServices.Delivery(ACCEPTANCE.callbackUrl(), "job-7", null);

  private final FakeServices fakes = new FakeServices().with("CALLBACK_ON_FAILURE", "true");

  @Test
  void aRejectedMessageIsToldOnce() {
    fakes.upstream = _ -> new Rejected("http-422");

    handle(needsSignature(2));

    assertThat(fakes.dead).hasSize(1);
    assertThat(fakes.delivered).containsExactly(NOTICE);
  }

  @Test
  void aJobThatRunsOutOfAttemptsIsToldOnce() {
    fakes.upstream = _ -> failed("http-503");

    handle(needsSignature(20));

    assertThat(fakes.delivered).containsExactly(NOTICE);
  }

  @Test
  void aReceiverThatFailedAllAlongIsToldOnceMoreAndThatIsNotTriedAgain() {
    fakes.receiver = _ -> undelivered("http-500", null);

    handle(new NeedsCallback(ACCEPTANCE, "signature", 10, null));

    assertThat(fakes.delivered).hasSize(2).last().isEqualTo(NOTICE);
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead).hasSize(1);
  }

  @Test
  void aReceiverThatWantsToHearNothingOrMustNotIsNotTold() {
    fakes.receiver =
        d -> d.signature().equals("gone") ? new Gone("http-410") : new Forbidden("forbidden-url");

    handle(
        new NeedsCallback(ACCEPTANCE, "gone", 1, null),
        new NeedsCallback(ACCEPTANCE, "forbidden", 1, null));

    assertThat(fakes.dead).hasSize(2);
    assertThat(fakes.delivered).doesNotContain(NOTICE);
  }

  @Test
  void nothingIsToldBeforeTheDeadLetterIsStored() {
    fakes.upstream = _ -> new Rejected("http-422");
    fakes.queueIsDown = true;

    assertThat(QueueBatch.of(needsSignature(2)).failed(fakes)).hasSize(1);
    assertThat(fakes.delivered).isEmpty();
  }

  @Test
  void unlessItIsAskedForNothingIsTold() {
    fakes.with("CALLBACK_ON_FAILURE", "").upstream = _ -> new Rejected("http-422");

    handle(needsSignature(2));

    assertThat(fakes.delivered).isEmpty();
  }

  @Test
  void theNoticeIsLogged() {
    fakes.upstream = _ -> new Rejected("http-422");

    handle(needsSignature(2));

    assertThat(fakes.log)
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
    assertThat(QueueBatch.of(jobs).failed(fakes)).isEmpty();
  }

  private static NeedsSignature needsSignature(int attempt) {
    return new NeedsSignature(ACCEPTANCE, "hello", attempt, null);
  }
}
