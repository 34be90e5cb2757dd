package dev.signrelay.request;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
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

  /** The longest time for which a result can be wanted: SQS keeps a message as long. */
  public static final Duration MAX_VALID_FOR = Duration.ofDays(14);

  /** The longest message, in bytes of UTF-8. */
  public static final int MAX_MESSAGE_BYTES = 4_096;

  /** Omits the message and the URL, which must not reach a log. */
  @Override
  public String toString() {
    return "SignRequest";
  }

  /**
   * Parses a raw query string. Ignores parameters with other names.
   *
   * @param rawQuery percent-encoded; empty: absent
   * @param callbacks the rules for the callback URL
   * @throws BrokenRuleException if the request breaks a rule
   */
  public static SignRequest parse(String rawQuery, CallbackUrlRules callbacks)
      throws BrokenRuleException {
    return check(RawParameters.of(QueryString.parse(rawQuery)), callbacks);
  }

  /**
   * Parses a body, a JSON object with the members that a query has as parameters: the message and
   * the URL are strings, and the time is a number. Ignores members with other names.
   *
   * @param rawQuery has none of the parameters
   * @param callbacks the rules for the callback URL
   * @throws BrokenRuleException if the request breaks a rule
   */
  public static SignRequest parse(String rawQuery, Body body, CallbackUrlRules callbacks)
      throws BrokenRuleException {
    body.requireJson();
    RawParameters.requireNoneIn(QueryString.parse(rawQuery));
    return check(RawParameters.of(body.text()), callbacks);
  }

  private static SignRequest check(RawParameters raw, CallbackUrlRules callbacks)
      throws BrokenRuleException {
    String message = message(raw.message());
    Duration validFor = raw.validFor() == null ? null : validFor(raw.validFor());
    URI callbackUrl = raw.callbackUrl() == null ? null : callbacks.check(raw.callbackUrl());
    return new SignRequest(message, callbackUrl, validFor);
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
