package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.signrelay.app.Services;
import dev.signrelay.event.SqsBatch;
import dev.signrelay.event.SqsBatch.Message;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.priming.Priming;
import dev.signrelay.priming.SnapStart;
import dev.signrelay.worker.JobBatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * RetryFunction: takes a batch of jobs from the retry queue and runs one step of each. A job
 * without a signature is signed, a job with one is delivered, a failed job is requeued, and a job
 * out of attempts is dead-lettered.
 *
 * <p>The messages of a batch are handled at the same time and fail independently. A message fails
 * if it is not a job, if the queue did not store the job's next state, or if its time ran out. The
 * queue delivers it again after the visibility timeout, and dead-letters it after its last receive.
 * A message that is delivered twice is handled twice; the receiver recognizes duplicates by {@code
 * webhook-id}.
 */
public final class RetryHandler implements RequestStreamHandler {

  /** Reserved at the end of the invocation for the batch response. */
  private static final Duration REPORT_RESERVE = Duration.ofMillis(500);

  private final Supplier<Services> services;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or invalid
   */
  public RetryHandler() {
    this.services =
        SnapStart.services(
            priming ->
                priming.retry(
                    (services, in, out) ->
                        new RetryHandler(services).handle(in, out, Priming.TIME)));
  }

  /** A handler that uses given services. */
  public RetryHandler(Services services) {
    this.services = () -> services;
  }

  /**
   * Called by Lambda with a batch of SQS messages. Writes the ids of those that failed.
   *
   * @throws IOException if the event cannot be read or is not JSON; the whole batch then fails
   */
  @Override
  public void handleRequest(InputStream event, OutputStream report, Context context)
      throws IOException {
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(REPORT_RESERVE);
    handle(event, report, time);
  }

  /**
   * Handles a batch.
   *
   * @param time after which messages that are not complete fail
   */
  private void handle(InputStream event, OutputStream report, Duration time) throws IOException {
    List<Message> messages;
    try {
      messages = SqsBatch.read(event).messages();
    } catch (MalformedJsonException e) {
      throw new IOException("the event is " + e.getMessage(), e);
    }
    SqsBatch.report(new JobBatch(services.get(), time).run(messages), report);
  }
}
