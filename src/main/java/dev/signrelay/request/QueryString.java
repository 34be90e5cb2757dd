package dev.signrelay.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URLDecoder;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Decodes query strings strictly as {@code application/x-www-form-urlencoded}: {@code +} is a
 * space, {@code %XX} is a byte, and the bytes are UTF-8. The JDK's {@code URLDecoder} alone
 * replaces bytes that are not UTF-8; another message than the client's would then be signed.
 */
final class QueryString {

  private static final Pattern BAD_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private QueryString() {}

  /**
   * Decodes a query string.
   *
   * @return the values of each parameter, in order. They must not reach a log.
   * @throws BrokenRuleException if a {@code %} is not followed by two hexadecimal digits, or the
   *     decoded bytes are not UTF-8
   */
  static Map<String, List<String>> parse(String raw) throws BrokenRuleException {
    var parameters = new HashMap<String, List<String>>();
    for (String pair : raw.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      String[] parts = pair.split("=", 2);
      String value = parts.length == 1 ? "" : parts[1];
      parameters.computeIfAbsent(decode(parts[0]), _ -> new ArrayList<>()).add(decode(value));
    }
    return parameters;
  }

  private static String decode(String encoded) throws BrokenRuleException {
    try {
      // One character for each byte
      String bytes = new String(Utf8.encode(encoded), ISO_8859_1);
      if (BAD_PERCENT.matcher(bytes).find()) {
        throw new BrokenRuleException(
            "every % in the query string must be followed by two hexadecimal digits");
      }
      return Utf8.decode(URLDecoder.decode(bytes, ISO_8859_1).getBytes(ISO_8859_1));
    } catch (CharacterCodingException _) {
      throw new BrokenRuleException("the query string must be percent-encoded UTF-8");
    }
  }
}
