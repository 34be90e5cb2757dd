package dev.signrelay.request;

import java.util.ArrayList;
import java.util.List;

/**
 * The header {@code Prefer}: what a client prefers (RFC 7240). Preferences that are not known, or
 * not well-formed, are ignored.
 */
public final class PreferHeader {

  private PreferHeader() {}

  /**
   * Whether the client prefers {@code respond-async}, to read the result later (RFC 7240, 4.1).
   *
   * @param header several headers are joined by commas; empty: there is none
   */
  public static boolean respondAsync(String header) {
    return split(header, ',').stream()
        .map(PreferHeader::nameAndValue)
        .filter(preference -> preference.getFirst().equalsIgnoreCase("respond-async"))
        .findFirst()
        .filter(PreferHeader::hasNoValue)
        .isPresent();
  }

  /** Parameters follow the first semicolon. They are ignored: {@code respond-async} has none. */
  private static List<String> nameAndValue(String preference) {
    return split(split(preference, ';').getFirst(), '=');
  }

  /** An empty value is equivalent to none (RFC 7240, 2). */
  private static boolean hasNoValue(List<String> preference) {
    return preference.size() == 1 || preference.equals(List.of(preference.getFirst(), "\"\""));
  }

  /** The stripped parts between separators that are not in a quoted string. */
  private static List<String> split(String text, char separator) {
    var parts = new ArrayList<String>();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(text.substring(start).strip());
    return parts;
  }
}
