package dev.signrelay.simulation;

import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Requests of an invocation to the items of jobs. One that outlives its timeout has its effect. */
record FaultyDynamoDb(Invocation invocation) implements DynamoDbClient {

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return through(() -> invocation.world.jobItems.getItem(request));
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return through(() -> apply(request));
  }

  private UpdateItemResponse apply(UpdateItemRequest request) {
    World world = invocation.world;
    String id = request.key().get("id").s();
    UpdateItemResponse response =
        world.records.applies(id, () -> world.jobItems.updateItem(request));
    if (request.updateExpression().contains("#fingerprint")) {
      world.idempotency.reserved(invocation.jobs.getFirst());
    }
    return response;
  }

  private <T> T through(Supplier<T> request) {
    return TableTransit.toJobs(invocation.process, invocation.world)
        .through(() -> answer(request))
        .get();
  }

  /** That a condition does not hold is an answer, too. */
  private static <T> Supplier<T> answer(Supplier<T> request) {
    try {
      T response = request.get();
      return () -> response;
    } catch (ConditionalCheckFailedException e) {
      return () -> {
        throw e;
      };
    }
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
