package dev.signrelay.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Reads and writes JSON trees. The functions use a smaller library, and no trees. */
public final class JsonTree {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final JsonMapper ASCII_MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private JsonTree() {}

  /** A new, empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The tree of a map of strings, numbers, lists and such maps. */
  public static ObjectNode of(Map<String, ?> object) {
    return MAPPER.valueToTree(object);
  }

  /**
   * Reads one JSON value.
   *
   * @throws JsonProcessingException if the text is not exactly one JSON value
   */
  public static JsonNode read(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  /** Writes a tree. */
  public static String write(JsonNode tree) {
    return tree.toString();
  }

  /** Writes a tree in visible ASCII. */
  public static String writeAscii(JsonNode tree) {
    try {
      // Jackson does not escape DEL. It can only occur in a string.
      return ASCII_MAPPER.writeValueAsString(tree).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }
}
