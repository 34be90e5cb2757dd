package dev.signrelay.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object that a reader knows. The object is read strictly: it is the whole
 * text, and no name occurs twice, as parsers disagree which of the values counts (RFC 8259, 4).
 */
public final class JsonMembers {

  /** Keeps no table of the names, which clients choose. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  private final Map<String, Member> members;

  /**
   * @param text of a string, decoded; of a number, its digits as they are given
   */
  private record Member(JsonToken type, String text) {}

  /** The text is not such an object. */
  public static final class NotAnObjectException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The rule, worded to follow the name of the text. */
    NotAnObjectException(String rule) {
      super(rule);
    }
  }

  private JsonMembers(Map<String, Member> members) {
    this.members = members;
  }

  /**
   * Reads an object.
   *
   * @param names of the known members; others are ignored, but must be JSON
   * @throws NotAnObjectException if the text is not one object; the message is the rule and quotes
   *     nothing
   */
  public static JsonMembers read(String text, Set<String> names) throws NotAnObjectException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new NotAnObjectException("must be a JSON object");
      }
      Map<String, Member> members = members(parser, names);
      if (parser.nextToken() != null) {
        throw new NotAnObjectException("must be a single JSON object");
      }
      return new JsonMembers(members);
    } catch (JsonProcessingException _) {
      throw new NotAnObjectException("must be a JSON object");
    } catch (IOException e) {
      throw new UncheckedIOException("a text can always be read", e);
    }
  }

  private static Map<String, Member> members(JsonParser parser, Set<String> names)
      throws IOException, NotAnObjectException {
    var members = new LinkedHashMap<String, Member>();
    var seen = new HashSet<String>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (!seen.add(name)) {
        throw new NotAnObjectException("must not have a member twice");
      }
      JsonToken type = parser.nextToken();
      if (names.contains(name) && type.isScalarValue()) {
        members.put(name, new Member(type, parser.getText()));
      } else if (names.contains(name)) {
        members.put(name, new Member(type, ""));
      }
      parser.skipChildren();
    }
    return members;
  }

  /** Whether the object has the member, of whatever type. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** The value of a string; null: there is none. */
  public @Nullable String string(String name) {
    return textOf(JsonToken.VALUE_STRING, name);
  }

  /** The digits of a number without fraction and exponent; null: there is none. */
  public @Nullable String wholeNumber(String name) {
    return textOf(JsonToken.VALUE_NUMBER_INT, name);
  }

  private @Nullable String textOf(JsonToken type, String name) {
    Member member = members.get(name);
    return member != null && member.type == type ? member.text : null;
  }

  /** Omits the members, which must not reach a log. */
  @Override
  public String toString() {
    return "JsonMembers";
  }
}
