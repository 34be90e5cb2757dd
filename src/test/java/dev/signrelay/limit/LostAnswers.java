package dev.signrelay.limit;

import dev.signrelay.local.LocalAwsClient;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Lets the SDK's client lose answers after the server has applied the requests. The client repeats
 * them.
 */
final class LostAnswers implements ExecutionInterceptor {

  /** How many further answers are lost. */
  final AtomicInteger left = new AtomicInteger();

  /** How many answers were lost. */
  final AtomicInteger lost = new AtomicInteger();

  /** Runs after an answer was lost and before the request is repeated. */
  volatile Runnable beforeRepetition = () -> {};

  /** A client that loses answers. */
  DynamoDbClient client(URI server) {
    return LocalAwsClient.of(
        DynamoDbClient.builder().overrideConfiguration(c -> c.addExecutionInterceptor(this)),
        server);
  }

  @Override
  public SdkHttpResponse modifyHttpResponse(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
      return context.httpResponse();
    }
    lost.incrementAndGet();
    beforeRepetition.run();
    return context.httpResponse().toBuilder().statusCode(503).build();
  }
}
