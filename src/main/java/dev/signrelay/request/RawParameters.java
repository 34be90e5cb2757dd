package dev.signrelay.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request as text, from a query or a body. Only the rules of the query and of
 * the body have been checked.
 *
 * @param message null: not given
 * @param callbackUrl null: not given
 * @param validFor null: not given
 */
record RawParameters(
    @Nullable String message, @Nullable String callbackUrl, @Nullable String validFor) {

  private static final String MESSAGE = "message";
  private static final String CALLBACK_URL = "callback_url";
  private static final String VALID_FOR = "valid_for";
  private static final Set<String> NAMES = Set.of(MESSAGE, CALLBACK_URL, VALID_FOR);

  /** Omits the texts, which must not reach a log. */
  @Override
  public String toString() {
    return "RawParameters";
  }

  /**
   * Reads the parameters of a query. Those with other names are ignored.
   *
   * @throws BrokenRuleException if a parameter is given twice
   */
  static RawParameters of(Map<String, List<String>> query) throws BrokenRuleException {
    return new RawParameters(
        once(query, MESSAGE), once(query, CALLBACK_URL), once(query, VALID_FOR));
  }

  private static @Nullable String once(Map<String, List<String>> query, String name)
      throws BrokenRuleException {
    List<String> values = query.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new BrokenRuleException(name + " must be given once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /**
   * Reads the parameters of a body, a JSON object. Members with other names are ignored.
   *
   * @throws BrokenRuleException if it is not such an object, or a member has the wrong type
   */
  static RawParameters of(String body) throws BrokenRuleException {
    ObjectNode members;
    try {
      members = Json.readObject(body);
    } catch (MalformedJsonException e) {
      throw new BrokenRuleException("the body " + e.getMessage());
    }
    return new RawParameters(
        string(members, MESSAGE), string(members, CALLBACK_URL), wholeNumber(members, VALID_FOR));
  }

  /** A JSON string can have escapes of unpaired surrogates, which UTF-8 does not have. */
  private static @Nullable String string(ObjectNode members, String name)
      throws BrokenRuleException {
    JsonNode value = members.get(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw new BrokenRuleException(name + " must be a string");
    }
    try {
      return Utf8.decode(Utf8.encode(value.textValue()));
    } catch (CharacterCodingException _) {
      throw new BrokenRuleException(name + " must not contain unpaired surrogates");
    }
  }

  /** A value of another type breaks the rule for the number, as text in a query does. */
  private static @Nullable String wholeNumber(ObjectNode members, String name) {
    JsonNode value = members.get(name);
    if (value == null) {
      return null;
    }
    return value.isIntegralNumber() ? value.asText() : "";
  }

  /**
   * Refuses parameters in the query beside a body. They would be ignored, and a message does not
   * belong in a URL, which other systems log.
   *
   * @throws BrokenRuleException if it has one of the parameters
   */
  static void requireNoneIn(Map<String, List<String>> query) throws BrokenRuleException {
    if (NAMES.stream().anyMatch(query::containsKey)) {
      throw new BrokenRuleException(
          "message, callback_url and valid_for must be in the body, not in the query string");
    }
  }
}
