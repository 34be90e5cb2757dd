package dev.signrelay.testing;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * A table of DynamoDB in memory: reads and writes of items, with the expressions that {@link
 * dev.signrelay.jobrecord.JobTable} sends. Others fail.
 */
public class FakeDynamoDb implements DynamoDbClient {

  private static final Pattern TOKEN = Pattern.compile("[#:]?\\w+|<=|<|>|=|[(),]|\\S");
  private static final Pattern CLAUSE =
      Pattern.compile("(SET|REMOVE|ADD) (.*?)(?= (?:SET|REMOVE|ADD) |$)");

  /** The expressions that were parsed; a simulation sends the same ones a million times. */
  private static final Map<String, List<String>> CONDITIONS = new ConcurrentHashMap<>();

  private static final Map<String, List<Action>> UPDATES = new ConcurrentHashMap<>();

  /**
   * @param value the name of a value; the verb REMOVE has none
   */
  private record Action(String verb, String name, @Nullable String value) {

    static List<Action> in(String update) {
      return CLAUSE
          .matcher(update)
          .results()
          .flatMap(
              clause ->
                  Stream.of(clause.group(2).split(", ")).map(text -> of(clause.group(1), text)))
          .toList();
    }

    private static Action of(String verb, String text) {
      String[] operands = text.split(" = | ");
      return new Action(verb, operands[0], operands.length > 1 ? operands[1] : null);
    }
  }

  private final Map<String, Map<String, AttributeValue>> items = new HashMap<>();

  /** An item as it is; empty: there is none. */
  public synchronized Map<String, AttributeValue> item(String id) {
    return items.getOrDefault(id, Map.of());
  }

  /** All items. */
  public synchronized List<Map<String, AttributeValue>> items() {
    return List.copyOf(items.values());
  }

  /** Deletes all items. */
  public synchronized void clear() {
    items.clear();
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return GetItemResponse.builder().item(item(request.key().get("id").s())).build();
  }

  @Override
  public synchronized UpdateItemResponse updateItem(UpdateItemRequest request) {
    Map<String, AttributeValue> present = item(request.key().get("id").s());
    if (request.conditionExpression() != null && !new Condition(request, present).holds()) {
      throw ConditionalCheckFailedException.builder()
          .message("The conditional request failed")
          .item(present)
          .build();
    }
    var changed = new HashMap<>(present);
    changed.putAll(request.key());
    UPDATES
        .computeIfAbsent(request.updateExpression(), Action::in)
        .forEach(action -> apply(action, request, changed));
    items.put(changed.get("id").s(), changed);
    return UpdateItemResponse.builder().build();
  }

  /** Without a condition. */
  @Override
  public synchronized PutItemResponse putItem(PutItemRequest request) {
    items.put(request.item().get("id").s(), request.item());
    return PutItemResponse.builder().build();
  }

  private static void apply(
      Action action, UpdateItemRequest request, Map<String, AttributeValue> item) {
    String name = Objects.requireNonNull(request.expressionAttributeNames().get(action.name));
    switch (action.verb) {
      case "SET" -> item.put(name, value(request, action.value));
      case "REMOVE" -> item.remove(name);
      default -> {
        BigDecimal before = item.containsKey(name) ? number(item.get(name)) : BigDecimal.ZERO;
        BigDecimal sum = before.add(number(value(request, action.value)));
        item.put(name, AttributeValue.fromN(sum.toPlainString()));
      }
    }
  }

  private static AttributeValue value(UpdateItemRequest request, @Nullable String name) {
    return Objects.requireNonNull(request.expressionAttributeValues().get(name), name);
  }

  private static BigDecimal number(AttributeValue value) {
    return new BigDecimal(value.n());
  }

  /** A condition expression, which is evaluated while it is parsed. */
  private static final class Condition {

    private final UpdateItemRequest request;
    private final Map<String, AttributeValue> item;
    private final List<String> tokens;
    private int next;

    Condition(UpdateItemRequest request, Map<String, AttributeValue> item) {
      this.request = request;
      this.item = item;
      this.tokens = CONDITIONS.computeIfAbsent(request.conditionExpression(), Condition::tokens);
    }

    private static List<String> tokens(String condition) {
      return TOKEN.matcher(condition).results().map(MatchResult::group).toList();
    }

    boolean holds() {
      boolean holds = or();
      if (next < tokens.size()) {
        throw new IllegalArgumentException(request.conditionExpression() + " at token " + next);
      }
      return holds;
    }

    private boolean or() {
      boolean holds = and();
      while (take("OR")) {
        holds |= and();
      }
      return holds;
    }

    private boolean and() {
      boolean holds = not();
      while (take("AND")) {
        holds &= not();
      }
      return holds;
    }

    private boolean not() {
      return take("NOT") ? !not() : test();
    }

    private boolean test() {
      if (take("(")) {
        boolean holds = or();
        require(")");
        return holds;
      }
      if (take("attribute_not_exists")) {
        require("(");
        boolean holds = operand() == null;
        require(")");
        return holds;
      }
      AttributeValue left = operand();
      String operator = tokens.get(next++);
      AttributeValue right = operand();
      if (operator.equals("BETWEEN")) {
        require("AND");
        AttributeValue last = operand();
        return isOrdered(right, left, true) && isOrdered(left, last, true);
      }
      return switch (operator) {
        case "=" -> left != null && left.equals(right);
        case "<" -> isOrdered(left, right, false);
        case "<=" -> isOrdered(left, right, true);
        case ">" -> isOrdered(right, left, false);
        default -> throw new IllegalArgumentException(operator);
      };
    }

    /** Null: the item does not have the attribute. Then no comparison holds. */
    private @Nullable AttributeValue operand() {
      String token = tokens.get(next++);
      return token.startsWith(":")
          ? value(request, token)
          : item.get(Objects.requireNonNull(request.expressionAttributeNames().get(token), token));
    }

    private static boolean isOrdered(
        @Nullable AttributeValue first, @Nullable AttributeValue second, boolean orEqual) {
      if (first == null || second == null) {
        return false;
      }
      int comparison = number(first).compareTo(number(second));
      return comparison < 0 || orEqual && comparison == 0;
    }

    private boolean take(String token) {
      boolean isNext = next < tokens.size() && tokens.get(next).equals(token);
      next += isNext ? 1 : 0;
      return isNext;
    }

    private void require(String token) {
      if (!take(token)) {
        throw new IllegalArgumentException(request.conditionExpression() + " without " + token);
      }
    }
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
