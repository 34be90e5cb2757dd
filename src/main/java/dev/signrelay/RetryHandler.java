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
 * RetryFunction: takes a batch of jobs from the retry queue or the callback queue and runs one step
 * of each. A job without a signature is signed, a job with one is delivered, a failed job is
 * requeued, and a job whose attempts and time are used up is dead-lettered.
 *
 * <p>The messages of a batch are handled at the same time and fail independently. A message fails
 * if the queue did not store the job's next state, or if its time ran out. The queue delivers it
 * again after the visibility timeout, and dead-letters it after its last receive. A message that is
 * not a job becomes a dead letter at once. A message that is delivered twice is handled twice; the
 * receiver recognizes duplicates by {@code webhook-id}.
 */
public final class RetryHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  /** Reserved at the end of the invocation for the batch response. */
  private static final Duration REPORT_RESERVE = Duration.ofMillis(500);

  private final Services services;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or invalid
   */
  public RetryHandler() {
    this(
        SnapStart.services(
            priming ->
                priming.retry(
                    (services, event) -> new RetryHandler(services).handle(event, Priming.TIME))));
    // No client waits for this start, and the first write of a record has only a second.
    services.queuePrimer().prime();
  }

  public RetryHandler(Services services) {
    this.services = services;
  }

  /**
   * Called by Lambda with a batch of SQS messages.
   *
   * @param event null if it is not JSON
   * @return the ids of the messages that failed; Lambda deletes the others
   * @throws IllegalArgumentException if the event is not JSON; the whole batch then fails
   * @throws SecretUnavailableException if the batch is empty and a secret cannot be read
   */
  @Override
  public SQSBatchResponse handleRequest(@Nullable SQSEvent event, Context context) {
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(REPORT_RESERVE);
    return handle(event, time);
  }

  /**
   * @param time after which messages that are not complete fail
   */
  private SQSBatchResponse handle(@Nullable SQSEvent event, Duration time) {
    if (event == null) {
      throw new IllegalArgumentException("the event is not JSON");
    }
    services.restartIfClockIsWrong();
    List<SQSMessage> messages = event.getRecords() == null ? List.of() : event.getRecords();
    if (messages.isEmpty()) {
      // The check of a deployment.
      services.requireSecrets(time);
    }
    List<String> failed = new RetryWorkflow(services, time).run(messages);
    return new SQSBatchResponse(failed.stream().map(BatchItemFailure::new).toList());
  }
}
