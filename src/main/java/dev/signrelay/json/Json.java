package dev.signrelay.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads and writes JSON, as trees. In a text that is read, no object has two members with one name:
 * parsers disagree about which of them counts (RFC 8259, 4).
 */
public final class Json {

  /** The deepest nesting that is read. Each level takes a part of the stack. */
  private static final int MAX_NESTING = 100;

  /** Names of members, which come from outside, must not fill Jackson's table of names. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private static final ObjectReader VALUE =
      MAPPER.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final ObjectWriter PLAIN = MAPPER.writer();
  private static final ObjectWriter ASCII = PLAIN.with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private Json() {}

  /** The text is not JSON, or not the value that is required. The message does not quote it. */
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

  /** The tree of a map of strings, numbers, booleans, null, lists and such maps. */
  public static ObjectNode tree(Map<String, ?> object) {
    return MAPPER.valueToTree(object);
  }

  /** Writes a tree, or what {@link #tree} takes, with all members, also those that are null. */
  public static String write(Object object) {
    return write(PLAIN, object);
  }

  /** Like {@link #write}, in visible ASCII: escapes all other characters. */
  public static String writeAscii(Object object) {
    // Jackson does not escape DEL. It can only occur in a string.
    return write(ASCII, object).replace("\u007f", "\\u007f");
  }

  /**
   * Reads one JSON value.
   *
   * @throws MalformedJsonException if the stream is not exactly one JSON value in UTF-8 or exceeds
   *     a limit of Jackson, such as the depth
   * @throws IOException if the stream cannot be read
   */
  public static JsonNode read(InputStream stream) throws IOException, MalformedJsonException {
    // Without a table of names, Jackson would read bytes that are not UTF-8 as U+FFFD.
    try (var text = new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder())) {
      return VALUE.readValue(text);
    } catch (JsonProcessingException | CharacterCodingException _) {
      throw new MalformedJsonException("not JSON");
    }
  }

  /** Like {@link #read(InputStream)}. */
  public static JsonNode read(String text) throws MalformedJsonException {
    try {
      return VALUE.readValue(text);
    } catch (JsonProcessingException _) {
      throw new MalformedJsonException("not JSON");
    }
  }

  /**
   * Reads one JSON object.
   *
   * @throws MalformedJsonException if the text is not such an object. The message is the broken
   *     rule, such as "must be a JSON object", without the name of the text.
   */
  public static ObjectNode readObject(String text) throws MalformedJsonException {
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedJsonException("must be a JSON object");
      }
      ObjectNode object = MAPPER.readTree(parser);
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("must be a single JSON object");
      }
      return object;
    } catch (StreamConstraintsException _) {
      throw new MalformedJsonException(
          "must not have more than " + MAX_NESTING + " levels, or numbers of over 1,000 digits");
    } catch (MismatchedInputException _) {
      throw new MalformedJsonException("must not have a member twice");
    } catch (JsonProcessingException _) {
      throw new MalformedJsonException("must be a JSON object");
    } catch (IOException e) {
      throw new UncheckedIOException("a text can always be read", e);
    }
  }

  private static String write(ObjectWriter writer, Object object) {
    try {
      return writer.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }
}
