package dev.signrelay.jobrecord;

import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Calls Amazon DynamoDB with a limit on the whole call, all retries of the SDK included.
 *
 * @param client called for each request
 */
record TableCall(Supplier<DynamoDbClient> client, TimeSource time) {

  /**
   * @throws RecordsUnavailableException if the call fails or does not end in time
   */
  <T> T within(Duration timeout, Function<DynamoDbClient, T> call) {
    try {
      return time.callWithin(timeout, () -> call.apply(client.get()));
    } catch (TimeoutException e) {
      throw new RecordsUnavailableException("the table did not answer in time", e);
    } catch (ExecutionException e) {
      throw new RecordsUnavailableException("the table failed the request", e);
    }
  }
}
