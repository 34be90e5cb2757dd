package dev.signrelay.aws;

import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls an AWS service with a timeout for the whole call, including all retries of the SDK.
 *
 * @param client returns the client; called for each request
 * @param service the name of the service in the messages of failures
 * @param failure creates an exception from a message and its cause
 */
public record DeadlineCall<C>(
    Supplier<C> client,
    TimeSource time,
    String service,
    BiFunction<String, Throwable, ? extends RuntimeException> failure) {

  /**
   * @throws RuntimeException from {@code failure}, if the call fails or does not end in time
   */
  public <T> T within(Duration timeout, Function<C, T> call) {
    try {
      return time.callWithin(timeout, () -> call.apply(client.get()));
    } catch (TimeoutException e) {
      throw failure.apply(service + " did not answer in time", e);
    } catch (ExecutionException e) {
      throw failure.apply(service + " failed the request", e);
    }
  }
}
