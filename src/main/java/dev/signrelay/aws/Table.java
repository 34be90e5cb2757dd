package dev.signrelay.aws;

import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.signrelay.aws.Table.Result.Applied;
import dev.signrelay.aws.Table.Result.Prevented;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * A DynamoDB table whose key is a string, {@code id}.
 *
 * <p>Writes to one item are applied one after the other (Amazon DynamoDB developer guide, "Working
 * with items"). The SDK repeats a write whose answer is lost. So the condition of a write must
 * still hold after the write, unless the caller treats {@link Prevented} as success.
 *
 * <p>Each request throws {@link TableUnavailableException} if it fails, if it does not end within
 * the timeout, which includes all retries, or if there is no table. A write may have been applied.
 */
public final class Table {

  private static final Pattern ATTRIBUTE = Pattern.compile("#(\\w+)");

  /** The result of a conditional write. */
  public sealed interface Result {

    record Applied() implements Result {}

    /**
     * The condition did not hold.
     *
     * @param item the present item; empty: there is none
     */
    record Prevented(Map<String, AttributeValue> item) implements Result {

      /** Omits the item, which can have a signature. */
      @Override
      public String toString() {
        return "Prevented";
      }
    }
  }

  public static final class TableUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TableUnavailableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private final DeadlineCall<DynamoDbClient> calls;
  private final String name;

  /**
   * @param name empty: there is no table
   */
  public Table(Supplier<DynamoDbClient> client, String name, TimeSource time) {
    this.calls = new DeadlineCall<>(client, time, "the table", TableUnavailableException::new);
    this.name = name;
  }

  /** Reads an item consistently, with all earlier writes; empty: there is none. */
  public Map<String, AttributeValue> read(String id, Duration timeout) {
    return within(
        timeout,
        client -> client.getItem(g -> g.tableName(name).key(key(id)).consistentRead(true)).item());
  }

  /**
   * Changes an item, or creates it. Attributes that the update does not name stay as they are.
   *
   * @param update DynamoDB's update expression, in which {@code #name} is the attribute {@code
   *     name}. It names at least one.
   * @param condition DynamoDB's condition expression, with names as in {@code update}; empty: none
   * @param values the values of both expressions, by their placeholders, such as {@code :name}
   */
  public Result write(
      String id,
      String update,
      String condition,
      Map<String, AttributeValue> values,
      Duration timeout) {
    return within(
        timeout,
        client -> {
          try {
            client.updateItem(
                u ->
                    u.tableName(name)
                        .key(key(id))
                        .updateExpression(update)
                        .conditionExpression(condition.isEmpty() ? null : condition)
                        .expressionAttributeNames(names(update + " " + condition))
                        .expressionAttributeValues(values)
                        .returnValuesOnConditionCheckFailure(ALL_OLD));
            return new Applied();
          } catch (ConditionalCheckFailedException e) {
            return new Prevented(e.item());
          }
        });
  }

  private <T> T within(Duration timeout, Function<DynamoDbClient, T> request) {
    if (name.isEmpty()) {
      throw new TableUnavailableException("there is no table", null);
    }
    return calls.within(timeout, request);
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of("id", Attributes.text(id));
  }

  /** Maps placeholders to names: some names are words that DynamoDB reserves. */
  private static Map<String, String> names(String expressions) {
    var names = new HashMap<String, String>();
    Matcher matcher = ATTRIBUTE.matcher(expressions);
    while (matcher.find()) {
      names.put(matcher.group(), matcher.group(1));
    }
    return names;
  }
}
