package dev.signrelay.request;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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

  /** The result of parsing: {@link Valid} or {@link Invalid}. */
  public sealed interface Parsed {
    /** The request is valid. */
    record Valid(SignRequest request) implements Parsed {}

    /**
     * The request breaks a rule.
     *
     * @param error names the field and the rule, without quoting the input
     */
    record Invalid(String error) implements Parsed {}
  }

  /**
   * Parses a raw query string. Ignores parameters with other names.
   *
   * @param rawQuery percent-encoded; empty: absent
   * @param callbacks the rules for the callback URL
   */
  public static Parsed parse(String rawQuery, CallbackUrlRules callbacks) {
    QueryString query;
    try {
      query = QueryString.parse(rawQuery);
    } catch (QueryString.MalformedQueryException e) {
      return new Parsed.Invalid(e.getMessage());
    }
    List<String> messages = query.values("message");
    List<String> urls = query.values("callback_url");
    if (messages.isEmpty()) {
      return new Parsed.Invalid("message is required");
    }
    if (messages.size() > 1) {
      return new Parsed.Invalid("message must be given once");
    }
    String message = messages.getFirst();
    if (message.isEmpty()) {
      return new Parsed.Invalid("message must not be empty");
    }
    if (message.getBytes(StandardCharsets.UTF_8).length > MAX_MESSAGE_BYTES) {
      return new Parsed.Invalid(
          String.format(
              Locale.ROOT, "message must be at most %,d bytes of UTF-8", MAX_MESSAGE_BYTES));
    }
    if (urls.size() > 1) {
      return new Parsed.Invalid("callback_url must be given once");
    }
    List<String> seconds = query.values("valid_for");
    if (seconds.size() > 1) {
      return new Parsed.Invalid("valid_for must be given once");
    }
    Duration validFor = null;
    if (!seconds.isEmpty()) {
      validFor = validFor(seconds.getFirst());
      if (validFor == null) {
        return new Parsed.Invalid("valid_for must be a whole number of seconds from 1 to 1209600");
      }
    }
    if (urls.isEmpty()) {
      return new Parsed.Valid(new SignRequest(message, null, validFor));
    }
    Duration wanted = validFor;
    return switch (callbacks.check(urls.getFirst())) {
      case CallbackUrlRules.Checked.Refused(String error) -> new Parsed.Invalid(error);
      case CallbackUrlRules.Checked.Accepted(URI url) ->
          new Parsed.Valid(new SignRequest(message, url, wanted));
    };
  }

  /** Null if it breaks the rule. */
  private static @Nullable Duration validFor(String seconds) {
    if (!seconds.matches("[0-9]{1,7}")) {
      return null;
    }
    Duration given = Duration.ofSeconds(Integer.parseInt(seconds));
    return given.isPositive() && given.compareTo(MAX_VALID_FOR) <= 0 ? given : null;
  }
}
