package dev.signrelay.request;

import dev.signrelay.json.JsonMembers;
import dev.signrelay.json.JsonMembers.NotAnObjectException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a client gave, as text, whether in a query or in a body. Only what depends on the form has
 * been checked.
 *
 * @param message null: not given
 * @param callbackUrl null: not given
 * @param validFor null: not given
 */
record Given(@Nullable String message, @Nullable String callbackUrl, @Nullable String validFor) {

  private static final String MESSAGE = "message";
  private static final String CALLBACK_URL = "callback_url";
  private static final String VALID_FOR = "valid_for";
  private static final Set<String> NAMES = Set.of(MESSAGE, CALLBACK_URL, VALID_FOR);

  /** Omits the texts, which must not reach a log. */
  @Override
  public String toString() {
    return "Given";
  }

  /**
   * What a query gives. Parameters with other names are ignored.
   *
   * @throws BrokenRuleException if a parameter is given twice
   */
  static Given in(QueryString query) throws BrokenRuleException {
    return new Given(once(query, MESSAGE), once(query, CALLBACK_URL), once(query, VALID_FOR));
  }

  private static @Nullable String once(QueryString query, String name) throws BrokenRuleException {
    List<String> values = query.values(name);
    if (values.size() > 1) {
      throw new BrokenRuleException(name + " must be given once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /**
   * What the text of a body gives: a JSON object. Members with other names are ignored.
   *
   * @throws BrokenRuleException if it is no such object, or a member has the wrong type
   */
  static Given in(String body) throws BrokenRuleException {
    JsonMembers members;
    try {
      members = JsonMembers.read(body, NAMES);
    } catch (NotAnObjectException e) {
      throw new BrokenRuleException("the body " + e.getMessage());
    }
    return new Given(
        string(members, MESSAGE), string(members, CALLBACK_URL), wholeNumber(members, VALID_FOR));
  }

  /** A JSON string can have escapes of half a character, which no UTF-8 is. */
  private static @Nullable String string(JsonMembers members, String name)
      throws BrokenRuleException {
    String text = members.string(name);
    if (text == null && members.has(name)) {
      throw new BrokenRuleException(name + " must be a string");
    }
    try {
      return text == null ? null : Utf8.decode(Utf8.encode(text));
    } catch (CharacterCodingException _) {
      throw new BrokenRuleException(name + " must not contain unpaired surrogates");
    }
  }

  /** A value of another type breaks the rule for the number, as text in a query does. */
  private static @Nullable String wholeNumber(JsonMembers members, String name) {
    String digits = members.wholeNumber(name);
    return digits == null && members.has(name) ? "" : digits;
  }

  /**
   * Refuses a query beside a body. What it says would be ignored, and a message does not belong in
   * a URL, which other systems log.
   *
   * @throws BrokenRuleException if it has one of the parameters
   */
  static void requireNoneIn(QueryString query) throws BrokenRuleException {
    Predicate<String> isGiven = name -> !query.values(name).isEmpty();
    if (NAMES.stream().anyMatch(isGiven)) {
      throw new BrokenRuleException(
          "message, callback_url and valid_for must be in the body, not in the query string");
    }
  }
}
