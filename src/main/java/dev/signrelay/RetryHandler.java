package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.app.Services;
import dev.signrelay.priming.Priming;
import dev.signrelay.priming.SnapStart;
import dev.signrelay.retry.RetryWorkflow;
import dev.signrelay.secret.SecretUnavailableException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RetryFunction: runs one step of each job of a batch from the retry queue or the callback queue:
 * an attempt to get its signature or, once it has one, to deliver it. A job that is not due is
 * requeued. A failed job is requeued, or dead-lettered if it has no attempt left or can never
 * succeed.
 *
 * <p>The messages of a batch are handled at the same time. A message fails if its step throws an
 * unexpected exception or does not end in time, if no queue stored its job, or if the record of a
 * dead letter was not written and the client cannot learn of it otherwise. SQS delivers a failed
 * message again after the visibility timeout, and dead-letters it after five receives. A message
 * that is not a job is dead-lettered at once. A message that is delivered twice is handled twice;
 * the receiver recognizes duplicates by {@code webhook-id}.
 */
public final class RetryHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  /** Reserved at the end of the invocation for the batch response. */
  private static final Duration REPORT_RESERVE = Duration.ofMillis(500);

  private final Services services;

  /**
   * For Lambda, which requires a constructor without parameters: uses the production services.
   *
   * @throws IllegalStateException if a setting is missing or invalid
   */
  public RetryHandler() {
    this(
        SnapStart.services(
            priming ->
                priming.retry(
                    (services, event) -> new RetryHandler(services).handle(event, Priming.TIME))));
    // No client waits for this start. The first write of a record has a timeout of only 1 s.
    services.queuePrimer().prime();
  }

  public RetryHandler(Services services) {
    this.services = services;
  }

  /**
   * Handles a batch of SQS messages.
   *
   * @param event null if it is not JSON
   * @return the ids of the messages that failed; Lambda deletes the others
   * @throws IllegalArgumentException if the event is not JSON; the whole batch then fails
   * @throws SecretUnavailableException if the batch is empty and a secret has never been read
   */
  @Override
  public SQSBatchResponse handleRequest(@Nullable SQSEvent event, Context context) {
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(REPORT_RESERVE);
    return handle(event, time);
  }

  /**
   * @param time after which messages whose steps have not ended fail
   */
  private SQSBatchResponse handle(@Nullable SQSEvent event, Duration time) {
    if (event == null) {
      throw new IllegalArgumentException("the event is not JSON");
    }
    services.restartIfClockIsWrong();
    List<SQSMessage> messages = event.getRecords() == null ? List.of() : event.getRecords();
    if (messages.isEmpty()) {
      // The check of a new version before it is used: DeploymentCheckFunction in the template.
      services.requireSecrets(time);
    }
    List<String> failed = new RetryWorkflow(services, time).run(messages);
    return new SQSBatchResponse(failed.stream().map(BatchItemFailure::new).toList());
  }
}
