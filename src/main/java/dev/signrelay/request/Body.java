package dev.signrelay.request;

import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern TYPE =
      Pattern.compile("[ \t]*+application/json", Pattern.CASE_INSENSITIVE);

  /**
   * RFC 9110, 5.6.6; a quoted value has no escapes. The quantifiers are possessive, so that the
   * time grows with the length of the header only.
   */
  private static final Pattern PARAMETER =
      Pattern.compile(
          """
          [ \t]*+;[ \t]*+(?:(?<name>[!#-'*+.^_`|~\\w-]++)=\
          (?:(?<token>[!#-'*+.^_`|~\\w-]++)|"(?<quoted>[^"\\\\]*+)"))?+""");

  /** Refuses a body of another type, or a compressed one. */
  void requireJson() throws BrokenRuleException {
    if (!isJson(contentType)) {
      throw new BrokenRuleException("Content-Type must be application/json, in UTF-8", true);
    }
    if (!contentEncoding.isBlank() && !contentEncoding.strip().equalsIgnoreCase("identity")) {
      throw new BrokenRuleException(
          "Content-Encoding is not supported: the body must not be compressed", true);
    }
  }

  /**
   * Whether a type is {@code application/json} in UTF-8. JSON is always UTF-8 (RFC 8259, 8.1), so a
   * body with another {@code charset} is not JSON.
   *
   * @param contentType empty: absent
   */
  static boolean isJson(String contentType) {
    Matcher type = TYPE.matcher(contentType);
    if (!type.lookingAt()) {
      return false;
    }
    Matcher parameter = PARAMETER.matcher(contentType);
    int end = type.end();
    while (parameter.region(end, contentType.length()).lookingAt()) {
      String value = parameter.group("token");
      if ("charset".equalsIgnoreCase(parameter.group("name"))
          && !"utf-8".equalsIgnoreCase(value == null ? parameter.group("quoted") : value)) {
        return false;
      }
      end = parameter.end();
    }
    return contentType.substring(end).isBlank();
  }

  /**
   * The JSON object.
   *
   * @throws BrokenRuleException if it is not such an object, too long or not UTF-8, or its base64
   *     is malformed
   */
  Map<String, Object> members() throws BrokenRuleException {
    try {
      return Json.readObject(text());
    } catch (MalformedJsonException e) {
      throw new BrokenRuleException("the body " + e.getMessage());
    }
  }

  private String text() throws BrokenRuleException {
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
