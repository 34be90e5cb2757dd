package dev.signrelay.request;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to sign.
 *
 * @param message 1 to {@value #MAX_MESSAGE_BYTES} bytes of UTF-8, any Unicode
 * @param callbackUrl where the signature goes if the answer has none; null: nowhere
 */
public record SignRequest(String message, @Nullable URI callbackUrl) {

  /** The longest message, in bytes of UTF-8. */
  public static final int MAX_MESSAGE_BYTES = 4_096;

  /** Without the message and the URL, which are not for logs. */
  @Override
  public String toString() {
    return "SignRequest";
  }

  /** What a query string asks for: {@link Valid} or {@link Invalid}. */
  public sealed interface Parsed {
    record Valid(SignRequest request) implements Parsed {}

    /**
     * @param error names the field and the rule, and quotes nothing of the input
     */
    record Invalid(String error) implements Parsed {}
  }

  /**
   * Reads a raw query string. Parameters of other names are ignored.
   *
   * @param rawQuery as it came in, still percent-encoded; null and empty are the same
   * @param callbacks which callback URLs are taken
   */
  public static Parsed parse(@Nullable String rawQuery, CallbackUrlRules callbacks) {
    QueryString query;
    try {
      query = QueryString.parse(rawQuery == null ? "" : rawQuery);
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
      return new Parsed.Invalid("message must be at most 4,096 bytes of UTF-8");
    }
    if (urls.size() > 1) {
      return new Parsed.Invalid("callback_url must be given once");
    }
    if (urls.isEmpty()) {
      return new Parsed.Valid(new SignRequest(message, null));
    }
    return switch (callbacks.check(urls.getFirst())) {
      case CallbackUrlRules.Checked.Refused(String error) -> new Parsed.Invalid(error);
      case CallbackUrlRules.Checked.Accepted(URI url) ->
          new Parsed.Valid(new SignRequest(message, url));
    };
  }
}
