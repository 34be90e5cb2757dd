package dev.signrelay.queue;

import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Calls Amazon SQS with a limit on the whole call, all retries of the SDK included.
 *
 * @param client called for each request
 */
record SqsCall(Supplier<SqsClient> client, TimeSource time) {

  /**
   * @throws QueueUnavailableException if the call fails or does not end in time
   */
  <T> T within(Duration timeout, Function<SqsClient, T> call) {
    try {
      return time.callWithin(timeout, () -> call.apply(client.get()));
    } catch (TimeoutException e) {
      throw new QueueUnavailableException("the queue did not answer in time", e);
    } catch (ExecutionException e) {
      throw new QueueUnavailableException("the queue failed the request", e);
    }
  }
}
