package dev.signrelay.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import com.fasterxml.jackson.jr.ob.JSON.Feature;
import com.fasterxml.jackson.jr.ob.JSONObjectException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON. An object is read as a map in the order of its members, an array as a
 * list. A whole number is an {@code Integer} if it fits; other values are numbers, strings,
 * booleans and null.
 */
public final class Json {

  private static final JSON PLAIN = JSON.builder().enable(Feature.WRITE_NULL_PROPERTIES).build();

  private static final JSON ASCII =
      JSON.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .enable(Feature.WRITE_NULL_PROPERTIES)
          .build();

  /** The deepest nesting that {@link #readObject} accepts. Each level takes a part of the stack. */
  private static final int MAX_NESTING = 100;

  /** For texts from outside, whose member names must not fill Jackson's table of names. */
  private static final JSON UNTRUSTED =
      JSON.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                  .build())
          .build();

  private Json() {}

  /** The text is not JSON, or not the value that is required. The message does not quote it. */
  public static final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
      super(message);
    }
  }

  /** Writes an object with all its members, also those that are null. */
  public static String write(Map<String, ?> object) {
    return write(PLAIN, object);
  }

  /** Writes an object in visible ASCII: escapes control characters and everything outside ASCII. */
  public static String writeAscii(Map<?, ?> object) {
    // Jackson does not escape DEL. It can only occur in a string.
    return write(ASCII, object).replace("\u007f", "\\u007f");
  }

  /**
   * Reads one JSON value.
   *
   * @throws MalformedJsonException if the stream is not exactly one JSON value, an object in it has
   *     two members with one name, or it exceeds a limit of Jackson, such as the depth
   * @throws IOException if the stream cannot be read
   */
  public static @Nullable Object read(InputStream stream)
      throws IOException, MalformedJsonException {
    try (JsonParser parser = PLAIN.createParser(stream)) {
      Object value = PLAIN.anyFrom(parser);
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("not JSON");
      }
      return value;
    } catch (JsonProcessingException | CharConversionException _) {
      throw new MalformedJsonException("not JSON");
    }
  }

  /**
   * Reads one JSON object. No object in the text may have two members with one name: parsers
   * disagree about which of them counts (RFC 8259, 4).
   *
   * @throws MalformedJsonException if the text is not such an object. The message is the broken
   *     rule, such as "must be a JSON object", without the name of the text.
   */
  public static Map<String, Object> readObject(String text) throws MalformedJsonException {
    try (JsonParser parser = UNTRUSTED.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedJsonException("must be a JSON object");
      }
      Map<String, Object> object = UNTRUSTED.mapFrom(parser);
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("must be a single JSON object");
      }
      return object;
    } catch (StreamConstraintsException _) {
      throw new MalformedJsonException(
          "must not have more than " + MAX_NESTING + " levels, or numbers of over 1,000 digits");
    } catch (JSONObjectException _) {
      throw new MalformedJsonException("must not have a member twice");
    } catch (JsonProcessingException _) {
      throw new MalformedJsonException("must be a JSON object");
    } catch (IOException e) {
      throw new UncheckedIOException("a text can always be read", e);
    }
  }

  /** The members of an object; of any other value, none. */
  public static Map<?, ?> members(@Nullable Object value) {
    return value instanceof Map<?, ?> object ? object : Map.of();
  }

  private static String write(JSON json, Map<?, ?> object) {
    try {
      return json.asString(object);
    } catch (IOException e) {
      throw new UncheckedIOException("a map always has a text", e);
    }
  }
}
