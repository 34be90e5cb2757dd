package dev.signrelay.aws;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Creates and reads the attributes of DynamoDB items: texts and whole numbers. */
public final class Attributes {

  private Attributes() {}

  public static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  public static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /** In milliseconds since the epoch. */
  public static AttributeValue millis(Instant time) {
    return number(time.toEpochMilli());
  }

  /** In seconds since the epoch, as DynamoDB's time to live requires. */
  public static AttributeValue seconds(Instant time) {
    return number(time.getEpochSecond());
  }

  /** Null: the item does not have the attribute. */
  public static @Nullable String text(Map<String, AttributeValue> item, String name) {
    @Nullable AttributeValue value = item.get(name);
    return value == null ? null : value.s();
  }

  /** Empty: the item does not have the attribute. */
  public static String textOrEmpty(Map<String, AttributeValue> item, String name) {
    String text = text(item, name);
    return text == null ? "" : text;
  }

  /**
   * @param absent the result if the item does not have the attribute
   */
  public static long number(Map<String, AttributeValue> item, String name, long absent) {
    @Nullable AttributeValue value = item.get(name);
    return value == null ? absent : Long.parseLong(value.n());
  }

  /** The time of an attribute in milliseconds; null: the item does not have the attribute. */
  public static @Nullable Instant time(Map<String, AttributeValue> item, String name) {
    @Nullable AttributeValue value = item.get(name);
    return value == null ? null : Instant.ofEpochMilli(Long.parseLong(value.n()));
  }
}
