package dev.signrelay.local.history;

/** Texts that are kept up to a length. */
final class Texts {

  private Texts() {}

  /** At most so many code points. */
  static String shortened(String text, int max) {
    return text.codePointCount(0, text.length()) <= max
        ? text
        : text.substring(0, text.offsetByCodePoints(0, max)) + "…";
  }
}
