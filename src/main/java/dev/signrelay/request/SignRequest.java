package dev.signrelay.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.destination.DestinationRules;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request to sign.
 *
 * @param message 1 to {@value #MAX_MESSAGE_BYTES} bytes of UTF-8, any Unicode
 * @param callbackUrl where the signature is delivered if the response does not contain it; null:
 *     nowhere
 * @param validFor for how long the result is wanted, from one second to {@link #MAX_VALID_FOR};
 *     null: as long as it takes
 */
public record SignRequest(String message, @Nullable URI callbackUrl, @Nullable Duration validFor) {

  /** The longest time for which a result can be wanted: SQS keeps no message longer. */
  public static final Duration MAX_VALID_FOR = Duration.ofDays(14);

  /** The longest message, in bytes of UTF-8. */
  public static final int MAX_MESSAGE_BYTES = 4_096;

  private static final String MESSAGE = "message";
  private static final String CALLBACK_URL = "callback_url";
  private static final String VALID_FOR = "valid_for";
  private static final Set<String> NAMES = Set.of(MESSAGE, CALLBACK_URL, VALID_FOR);

  /** Omits the message and the URL, which must not reach a log. */
  @Override
  public String toString() {
    return "SignRequest";
  }

  /**
   * Parses a raw query string. Ignores parameters with other names.
   *
   * @param rawQuery percent-encoded; empty: absent
   * @param callbacks where callbacks may be sent; null: callbacks are disabled
   * @throws BrokenRuleException if the request breaks a rule
   */
  public static SignRequest parse(String rawQuery, @Nullable DestinationRules callbacks)
      throws BrokenRuleException {
    Map<String, List<String>> query = QueryString.parse(rawQuery);
    return check(
        once(query, MESSAGE), once(query, CALLBACK_URL), once(query, VALID_FOR), callbacks);
  }

  /**
   * Parses a body, which is a JSON object. Its members have the names of the parameters of a query;
   * {@code valid_for} is a number, the others are strings. Ignores members with other names.
   *
   * @param rawQuery must have none of these parameters: a message does not belong in a URL, which
   *     other systems log
   * @throws BrokenRuleException if the request breaks a rule
   */
  public static SignRequest parse(String rawQuery, Body body, @Nullable DestinationRules callbacks)
      throws BrokenRuleException {
    body.requireJson();
    if (!Collections.disjoint(QueryString.parse(rawQuery).keySet(), NAMES)) {
      throw new BrokenRuleException(
          "message, callback_url and valid_for must be in the body, not in the query string");
    }
    ObjectNode members = body.members();
    return check(
        string(members, MESSAGE),
        string(members, CALLBACK_URL),
        wholeNumber(members, VALID_FOR),
        callbacks);
  }

  private static @Nullable String once(Map<String, List<String>> query, String name)
      throws BrokenRuleException {
    List<String> values = query.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new BrokenRuleException(name + " must be given once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** A JSON string can contain escapes of unpaired surrogates, which UTF-8 cannot encode. */
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

  /**
   * Returns an empty text, which breaks the rule for the number, if the value is not a whole number
   * or is too large.
   */
  private static @Nullable String wholeNumber(ObjectNode members, String name) {
    JsonNode value = members.get(name);
    return value == null ? null : value.isInt() ? value.asText() : "";
  }

  /** Checks the parameters; null: not given. */
  private static SignRequest check(
      @Nullable String message,
      @Nullable String callbackUrl,
      @Nullable String validFor,
      @Nullable DestinationRules callbacks)
      throws BrokenRuleException {
    String given = message(message);
    Duration time = validFor == null ? null : validFor(validFor);
    URI url = callbackUrl == null ? null : CallbackUrl.parse(callbackUrl, callbacks);
    return new SignRequest(given, url, time);
  }

  private static String message(@Nullable String given) throws BrokenRuleException {
    if (given == null) {
      throw new BrokenRuleException("message is required");
    }
    if (given.isEmpty()) {
      throw new BrokenRuleException("message must not be empty");
    }
    if (given.getBytes(StandardCharsets.UTF_8).length > MAX_MESSAGE_BYTES) {
      throw new BrokenRuleException(
          String.format(
              Locale.ROOT, "message must be at most %,d bytes of UTF-8", MAX_MESSAGE_BYTES));
    }
    return given;
  }

  private static Duration validFor(String seconds) throws BrokenRuleException {
    Duration given =
        seconds.matches("[0-9]{1,7}")
            ? Duration.ofSeconds(Integer.parseInt(seconds))
            : Duration.ZERO;
    if (!given.isPositive() || given.compareTo(MAX_VALID_FOR) > 0) {
      throw new BrokenRuleException(
          String.format(
              Locale.ROOT,
              "valid_for must be a whole number of seconds from 1 to %,d",
              MAX_VALID_FOR.toSeconds()));
    }
    return given;
  }
}
