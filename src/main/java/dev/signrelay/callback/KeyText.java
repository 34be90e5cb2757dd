package dev.signrelay.callback;

import java.util.Base64;

/** Keys as texts: a prefix and padded base64 (Standard Webhooks, "Signature scheme"). */
final class KeyText {

  private KeyText() {}

  /**
   * Decodes the padded base64 after a prefix, in the canonical form that all decoders read alike.
   *
   * @return an empty array if the text has another form
   */
  static byte[] bytes(String prefix, String text) {
    String base64 = text.startsWith(prefix) ? text.substring(prefix.length()) : "";
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return Base64.getEncoder().encodeToString(bytes).equals(base64) ? bytes : new byte[0];
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  static String of(String prefix, byte[] bytes) {
    return prefix + Base64.getEncoder().encodeToString(bytes);
  }
}
