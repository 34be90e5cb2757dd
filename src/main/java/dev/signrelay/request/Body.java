package dev.signrelay.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The body of a request, as API Gateway passes it on.
 *
 * @param contentType the header {@code Content-Type}; empty: absent
 * @param contentEncoding the header {@code Content-Encoding}; empty: absent
 * @param content the text or, if {@code isBase64}, its bytes in base64; empty: absent
 */
public record Body(String contentType, String contentEncoding, String content, boolean isBase64) {

  /**
   * The longest body, in bytes. The longest message and the longest URL fit, even with every
   * character escaped.
   */
  static final int MAX_BYTES = 65_536;

  /**
   * {@code application/json} in UTF-8. JSON is always UTF-8 (RFC 8259, 8.1), so a body with another
   * {@code charset} is not JSON. The quoted value of another parameter (RFC 9110, 5.6.6) must not
   * contain a backslash. The quantifiers are possessive, so that matching takes linear time.
   */
  private static final Pattern JSON =
      Pattern.compile(
          """
          [ \t]*+application/json(?:[ \t]*+;[ \t]*+(?:\
          charset=(?:utf-8|"utf-8")|\
          (?!charset=)TOKEN=(?:TOKEN|"[^"\\\\]*+"))?+)*+"""
              .replace("TOKEN", "[!#-'*+.^_`|~\\w-]++"),
          Pattern.CASE_INSENSITIVE);

  /**
   * @throws BrokenRuleException if the body has another type or is compressed
   */
  void requireJson() throws BrokenRuleException {
    if (!JSON.matcher(contentType.stripTrailing()).matches()) {
      throw new BrokenRuleException("Content-Type must be application/json, in UTF-8", true);
    }
    if (!contentEncoding.isBlank() && !contentEncoding.strip().equalsIgnoreCase("identity")) {
      throw new BrokenRuleException(
          "Content-Encoding is not supported: the body must not be compressed", true);
    }
  }

  /**
   * The members of the JSON object.
   *
   * @throws BrokenRuleException if the body is not a JSON object, is longer than {@link
   *     #MAX_BYTES}, is not UTF-8 or is malformed base64
   */
  ObjectNode members() throws BrokenRuleException {
    try {
      byte[] bytes = isBase64 ? Base64.getDecoder().decode(content) : Utf8.encode(content);
      if (bytes.length > MAX_BYTES) {
        throw new BrokenRuleException(
            String.format(Locale.ROOT, "the body must be at most %,d bytes", MAX_BYTES));
      }
      return Json.readObject(Utf8.decode(bytes));
    } catch (MalformedJsonException e) {
      throw new BrokenRuleException("the body " + e.getMessage());
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
