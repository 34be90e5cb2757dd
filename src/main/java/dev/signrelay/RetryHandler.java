package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.signrelay.event.SqsBatch;
import dev.signrelay.event.SqsBatch.Message;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Takes a batch of jobs from the retry queue and moves each one a step on: signs what has no
 * signature, delivers what has one, puts back what failed, gives up what is past saving.
 *
 * <p>The records of a batch are worked on at the same time and fail one by one: a record that is
 * reported as failed, because it is no job, or the queue did not take its next step, or its time
 * ran out, comes out of the queue again after the visibility timeout, until the queue itself moves
 * it to the dead-letter queue. A record that comes twice is worked on twice; its receiver tells
 * duplicates by their {@code webhook-id}.
 */
public final class RetryHandler implements RequestStreamHandler {

  /** Kept of the function's time for reporting what did not end. */
  private static final Duration REPORT_RESERVE = Duration.ofMillis(500);

  private final Supplier<Wiring> parts;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or wrong
   */
  public RetryHandler() {
    this.parts = SnapStart.parts(Rehearsal::retrying);
  }

  public RetryHandler(Wiring parts) {
    this.parts = () -> parts;
  }

  /**
   * Called by Lambda with a batch of SQS messages; answers which of them failed.
   *
   * @throws IOException if the event cannot be read, or is not JSON, which fails the batch whole
   */
  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(REPORT_RESERVE);
    handle(event, answer, time);
  }

  /**
   * @param time after which what has not ended has failed
   */
  void handle(InputStream event, OutputStream answer, Duration time) throws IOException {
    List<Message> messages;
    try {
      messages = SqsBatch.read(event).messages();
    } catch (MalformedJsonException e) {
      throw new IOException("the event is " + e.getMessage(), e);
    }
    SqsBatch.report(new JobBatch(parts.get(), time).unfinished(messages), answer);
  }
}
