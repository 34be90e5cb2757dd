package dev.signrelay.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items of a table as text: a line for each attribute, with its name, a space and its value.
 * Attributes have the types that SignRelay writes, as IAM lets nobody else write.
 */
public final class HostileItems {

  private HostileItems() {}

  /** The item of a text. Lines with a number that is no {@code long} are left out. */
  public static Map<String, AttributeValue> item(String text, Set<String> numbers) {
    var item = new HashMap<String, AttributeValue>();
    for (String line : text.split("\n")) {
      String[] attribute = line.split(" ", 2);
      String value = attribute.length == 2 ? attribute[1] : "";
      if (!numbers.contains(attribute[0])) {
        item.put(attribute[0], AttributeValue.fromS(value));
      } else if (value.matches("0|-?[1-9][0-9]{0,17}|[-]?9223372036854775807")) {
        item.put(attribute[0], AttributeValue.fromN(value));
      }
    }
    return item;
  }

  /** Some of the lines of a text, with other numbers in some of them. */
  public static String some(SeededInput in, String text) {
    return text.lines()
        .filter(_ -> !in.oneIn(6))
        .map(line -> in.oneIn(4) ? line.replaceAll("[0-9]+$", number(in)) : line)
        .collect(Collectors.joining("\n"));
  }

  private static String number(SeededInput in) {
    return in.oneOf("0", "-1", "1", "1795435200", "1795435200000", "9223372036854775807");
  }
}
