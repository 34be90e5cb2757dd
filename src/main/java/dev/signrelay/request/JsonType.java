package dev.signrelay.request;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a {@code Content-Type} is {@code application/json} in UTF-8. */
final class JsonType {

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

  private JsonType() {}

  /**
   * Types that only end in {@code +json} are others. {@code charset} has no meaning for JSON, which
   * is always UTF-8 (RFC 8259, 8.1 and 11), so another one says that the body is something else.
   *
   * @param contentType empty: absent
   */
  static boolean matches(String contentType) {
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
}
