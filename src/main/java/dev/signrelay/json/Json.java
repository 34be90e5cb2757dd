package dev.signrelay.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Reads and writes JSON trees. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final JsonMapper ASCII_MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  /** The text is not exactly one JSON value. The message does not quote it. */
  public static final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedJsonException() {
      super("not JSON");
    }
  }

  /** A new, empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The tree of a map of strings, numbers, lists and such maps. */
  public static JsonNode tree(Map<String, ?> object) {
    return MAPPER.valueToTree(object);
  }

  /** Writes a tree. */
  public static String write(JsonNode node) {
    return write(MAPPER, node);
  }

  /** Writes visible ASCII: escapes control characters and everything outside ASCII. */
  public static String writeAscii(JsonNode node) {
    return ascii(node);
  }

  /** Like {@link #writeAscii(JsonNode)}, for a map of strings, numbers, lists and such maps. */
  public static String writeAscii(Map<?, ?> object) {
    return ascii(object);
  }

  /** Also escapes DEL, which Jackson does not. It can only occur in a string. */
  private static String ascii(Object tree) {
    return write(ASCII_MAPPER, tree).replace("\u007f", "\\u007f");
  }

  /**
   * Reads one JSON value.
   *
   * @throws MalformedJsonException if the text is not exactly one JSON value
   */
  public static JsonNode read(String text) throws MalformedJsonException {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException _) {
      throw new MalformedJsonException();
    }
  }

  /**
   * Reads one JSON value.
   *
   * @throws MalformedJsonException if the stream is not exactly one JSON value
   * @throws IOException if the stream cannot be read
   */
  public static JsonNode read(InputStream stream) throws IOException, MalformedJsonException {
    try {
      return MAPPER.readTree(stream);
    } catch (JsonProcessingException | CharConversionException _) {
      throw new MalformedJsonException();
    }
  }

  private static String write(JsonMapper mapper, Object tree) {
    try {
      return mapper.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }
}
