package dev.signrelay.cache;

import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.signrelay.aws.TimedCall;
import dev.signrelay.secret.Secret;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The cache as items of a DynamoDB table, one for each message. {@link CacheItem} describes them.
 */
public final class DynamoDbSignatureCache implements SignatureCache {

  private final TimedCall<DynamoDbClient> calls;
  private final String table;
  private final Duration reuse;
  private final URI upstream;
  private final Secret<ApiKey> key;
  private final TimeSource time;

  /**
   * @param client called for each request
   * @param reuse how long a signature is reused
   * @param upstream whose signatures these are
   * @param key keys the items
   */
  public DynamoDbSignatureCache(
      Supplier<DynamoDbClient> client,
      String table,
      Duration reuse,
      URI upstream,
      Secret<ApiKey> key,
      TimeSource time) {
    this.calls =
        new TimedCall<>(client, time, "the signature cache", CacheUnavailableException::new);
    this.table = table;
    this.reuse = reuse;
    this.upstream = upstream;
    this.key = key;
    this.time = time;
  }

  /** Reads the API key, if it has to be read. */
  @Override
  public void prepare(Duration limit) {
    key.get(limit);
  }

  @Override
  public Entry read(String message, Duration timeout) {
    var id = id(message);
    return calls.within(
        timeout,
        dynamo ->
            entry(dynamo.getItem(g -> g.tableName(table).key(id).consistentRead(true)).item()));
  }

  @Override
  public Entry lease(String message, String owner, Instant until, Duration timeout) {
    var id = id(message);
    var values = new HashMap<>(CacheItem.bounds(time.instant(), reuse));
    values.put(":owner", AttributeValue.fromS(owner));
    values.put(":until", CacheItem.millis(until));
    values.put(":expiry", CacheItem.expiresAfter(until));
    return calls.within(
        timeout,
        dynamo -> {
          try {
            dynamo.updateItem(
                update(
                    id,
                    "SET leasedBy = :owner, leasedUntil = :until, expiresAt = :expiry",
                    u ->
                        u.conditionExpression(CacheItem.IS_VACANT)
                            .expressionAttributeValues(values)
                            .returnValuesOnConditionCheckFailure(ALL_OLD)));
            return new Entry.Vacant();
          } catch (ConditionalCheckFailedException e) {
            Entry present = entry(e.item());
            // A lease that ended during the request: the next request takes it.
            return present instanceof Entry.Vacant ? new Entry.Leased() : present;
          }
        });
  }

  @Override
  public void store(String message, String signature, Instant signedAt, Duration timeout) {
    var id = id(message);
    var values =
        Map.of(
            ":signature", AttributeValue.fromS(signature),
            ":at", CacheItem.millis(signedAt),
            ":expiry", CacheItem.expiresAfter(signedAt.plus(reuse)));
    String expression =
        "SET signature = :signature, signedAt = :at, expiresAt = :expiry"
            + " REMOVE leasedBy, leasedUntil";
    var _ =
        calls.within(
            timeout,
            dynamo ->
                dynamo.updateItem(
                    update(id, expression, u -> u.expressionAttributeValues(values))));
  }

  @Override
  public void release(String message, String owner, Duration timeout) {
    var id = id(message);
    var values = Map.of(":owner", AttributeValue.fromS(owner));
    var _ =
        calls.within(
            timeout,
            dynamo -> {
              try {
                dynamo.updateItem(
                    update(
                        id,
                        "REMOVE leasedBy, leasedUntil",
                        u ->
                            u.conditionExpression("leasedBy = :owner")
                                .expressionAttributeValues(values)));
                return true;
              } catch (ConditionalCheckFailedException _) {
                return false;
              }
            });
  }

  private UpdateItemRequest update(
      Map<String, AttributeValue> id,
      String expression,
      Consumer<UpdateItemRequest.Builder> further) {
    var request = UpdateItemRequest.builder().tableName(table).key(id);
    further.accept(request.updateExpression(expression));
    return request.build();
  }

  private Map<String, AttributeValue> id(String message) {
    ApiKey current = key.get(Duration.ZERO);
    return Map.of("id", AttributeValue.fromS(MessageKey.of(message, upstream, current)));
  }

  private Entry entry(Map<String, AttributeValue> item) {
    return CacheItem.read(item, time.instant(), reuse);
  }
}
