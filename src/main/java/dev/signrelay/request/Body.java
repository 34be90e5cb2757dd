package dev.signrelay.request;

import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * The body of a request, as API Gateway passes it on.
 *
 * @param contentType the header {@code Content-Type}; empty: absent
 * @param contentEncoding the header {@code Content-Encoding}; empty: absent
 * @param content the text, or its bytes in base64; empty: absent
 */
public record Body(String contentType, String contentEncoding, String content, boolean isBase64) {

  /**
   * The longest body, in bytes. The longest message and the longest URL fit in with each of their
   * characters escaped.
   */
  static final int MAX_BYTES = 65_536;

  /** What keeps the body from being read as JSON; empty: nothing. */
  Optional<String> unsupported() {
    if (!JsonType.matches(contentType)) {
      return Optional.of("Content-Type must be application/json, in UTF-8");
    }
    return contentEncoding.isBlank() || contentEncoding.strip().equalsIgnoreCase("identity")
        ? Optional.empty()
        : Optional.of("Content-Encoding is not supported: the body must not be compressed");
  }

  /**
   * The text.
   *
   * @throws BrokenRuleException if it is too long or not UTF-8, or its base64 is malformed
   */
  String text() throws BrokenRuleException {
    try {
      byte[] bytes = isBase64 ? Base64.getDecoder().decode(content) : Utf8.encode(content);
      if (bytes.length > MAX_BYTES) {
        throw new BrokenRuleException(
            String.format(Locale.ROOT, "the body must be at most %,d bytes", MAX_BYTES));
      }
      return Utf8.decode(bytes);
    } catch (CharacterCodingException _) {
      throw new BrokenRuleException("the body must be UTF-8");
    } catch (IllegalArgumentException _) {
      throw new BrokenRuleException("the body must be valid base64");
    }
  }

  /** Omits the content, which must not reach a log. */
  @Override
  public String toString() {
    return "Body";
  }
}
