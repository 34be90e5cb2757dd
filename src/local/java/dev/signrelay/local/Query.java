package dev.signrelay.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * The query of a URL. The local run reads what it can of a malformed one; the functions refuse it.
 *
 * @param text percent-encoded
 */
public record Query(String text) {

  /** The first value of a parameter, decoded; empty if it is missing. */
  public String first(String name) {
    for (String pair : text.split("&")) {
      if (pair.startsWith(name + "=")) {
        return decoded(pair.substring(name.length() + 1));
      }
    }
    return "";
  }

  /** Returns text with invalid percent-encoding unchanged. */
  static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return encoded;
    }
  }
}
