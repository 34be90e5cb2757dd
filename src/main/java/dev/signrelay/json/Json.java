package dev.signrelay.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Reads and writes JSON trees. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Keeps no table of the names, which clients choose. */
  private static final JsonMapper STRICT_MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private static final JsonMapper ASCII_MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  /** The text is not the JSON that is required. The message does not quote it. */
  public static final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
      super(message);
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
      throw new MalformedJsonException("not JSON");
    }
  }

  /** Like {@link #read(String)}. */
  public static JsonNode read(InputStream stream) throws IOException, MalformedJsonException {
    try {
      return MAPPER.readTree(stream);
    } catch (JsonProcessingException | CharConversionException _) {
      throw new MalformedJsonException("not JSON");
    }
  }

  /**
   * Reads one JSON object, strictly: no name occurs twice in it, or in an object inside, as parsers
   * disagree which of the values counts (RFC 8259, 4).
   *
   * @throws MalformedJsonException if the text is not such an object; the message is the rule,
   *     worded to follow the name of the text
   */
  public static ObjectNode readObject(String text) throws MalformedJsonException {
    try (JsonParser parser = STRICT_MAPPER.createParser(text)) {
      TreeNode tree = STRICT_MAPPER.readTree(parser);
      if (!(tree instanceof ObjectNode object)) {
        throw new MalformedJsonException("must be a JSON object");
      }
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("must be a single JSON object");
      }
      return object;
    } catch (MismatchedInputException _) {
      throw new MalformedJsonException("must not have a member twice");
    } catch (JsonProcessingException _) {
      throw new MalformedJsonException("must be a JSON object");
    } catch (IOException e) {
      throw new UncheckedIOException("a text can always be read", e);
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
