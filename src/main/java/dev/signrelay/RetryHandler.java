package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.MalformedJobException;
import dev.signrelay.retry.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

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
public final class RetryHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {

  /** Kept of the function's time for reporting what did not end. */
  private static final Duration REPORT_RESERVE = Duration.ofMillis(500);

  private final Wiring parts;
  private final JobStep step;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or wrong
   */
  public RetryHandler() {
    this(Wiring.fromEnvironment());
  }

  public RetryHandler(Wiring parts) {
    this.parts = parts;
    this.step = new JobStep(parts);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(REPORT_RESERVE);
    Instant deadline = parts.clock().instant().plus(time);
    List<SQSMessage> records = event.getRecords();
    List<Callable<Boolean>> steps =
        records.stream().<Callable<Boolean>>map(r -> () -> succeeds(r, deadline)).toList();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    var failures = new ArrayList<BatchItemFailure>();
    try {
      // What has not ended in time is interrupted, and counts as failed.
      List<Future<Boolean>> results =
          threads.invokeAll(steps, Math.max(time.toMillis(), 0), TimeUnit.MILLISECONDS);
      for (int i = 0; i < results.size(); i++) {
        Future<Boolean> result = results.get(i);
        if (result.state() != Future.State.SUCCESS || !result.resultNow()) {
          failures.add(new BatchItemFailure(records.get(i).getMessageId()));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      records.forEach(r -> failures.add(new BatchItemFailure(r.getMessageId())));
    } finally {
      threads.shutdownNow();
    }
    return new SQSBatchResponse(failures);
  }

  /** Whether the queue may forget the record. */
  private boolean succeeds(SQSMessage message, Instant deadline) {
    Job job;
    try {
      job = JobCodec.decode(message.getBody());
    } catch (MalformedJobException e) {
      parts.log().write(AttemptLines.malformed(message.getMessageId(), e.getMessage()));
      return false;
    }
    try {
      return step.take(job, deadline);
    } catch (RuntimeException e) {
      parts.log().write(AttemptLines.unexpected(job.id(), e));
      return false;
    }
  }
}
