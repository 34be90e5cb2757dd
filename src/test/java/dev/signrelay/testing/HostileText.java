package dev.signrelay.testing;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Text that parsers and writers stumble over. Each property gets it {@link #CASES} at a time, or
 * {@link #PARSED}: that many times {@code jqwik.tries.default} inputs are tried.
 */
public final class HostileText {

  /** How many inputs a property checks in one try. */
  public static final int CASES = 10;

  /** The same for a parser on its own: with 2,000 tries, 100,000. */
  public static final int PARSED = 50;

  /** What ends a line, a header, a string or an entity somewhere, and what is no character. */
  private static final List<String> BREAKS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\u0000",
          "\u0001",
          "\t",
          "\u001b[2K",
          "\u007f",
          "\u0085",
          "\u2028",
          "\u202e",
          "\ufffe",
          "\ud800",
          "\udc00",
          "\ud83c\udf0d",
          "\"",
          "\\",
          "\\u000a",
          "\"}\n{\"level\":\"ERROR\"",
          "\r\nX-Forged: 1\r\n\r\n",
          "é",
          " ",
          "x",
          "<!--",
          "${jndi:ldap://x}");

  private static final List<String> QUERY =
      List.of(
          "message=",
          "callback_url=",
          "&",
          "=",
          "+",
          "%",
          "%0",
          "%0D%0A",
          "%00",
          "%FF",
          "%C3%A9",
          "%ED%A0%80",
          "%25",
          "%2B",
          "%26",
          "%23",
          "%40",
          "https://",
          "https%3A%2F%2F",
          "http://",
          "ftp://",
          "javascript:",
          "//",
          "/",
          "a",
          "receiver.example",
          "xn--",
          "ß.example",
          ".",
          "..",
          "127.1",
          "2130706433",
          "[::1]",
          "[",
          "]",
          "%25eth0",
          ":443",
          ":99999",
          ":",
          "@",
          "#",
          "?",
          "?a=b",
          "a".repeat(300),
          "1.".repeat(1_100),
          "é".repeat(2_049));

  private HostileText() {}

  /** Characters at random, and breaks between words. */
  public static Arbitrary<String> any() {
    return Arbitraries.oneOf(Arbitraries.strings().all().ofMaxLength(40), of(BREAKS, 6));
  }

  /** Raw query strings: some at random, most of them nearly right. */
  public static Arbitrary<String> queries() {
    Arbitrary<String> tail = of(Stream.concat(QUERY.stream(), BREAKS.stream()).toList(), 8);
    Arbitrary<String> head =
        Arbitraries.of(
            "",
            "message=",
            "message=m&",
            "message=m&callback_url=https://",
            "message=m&callback_url=https://receiver.example",
            "callback_url=https://receiver.example/&message=");
    return Arbitraries.oneOf(any(), Combinators.combine(head, tail).as(String::concat));
  }

  /** A few of the pieces in any order. */
  public static Arbitrary<String> of(List<String> pieces, int most) {
    return Arbitraries.of(pieces).list().ofMaxSize(most).map(chosen -> String.join("", chosen));
  }

  /** The text with a few characters taken out, put in, doubled or cut off. */
  public static Arbitrary<String> damaged(Arbitrary<String> texts) {
    Arbitrary<List<Double>> places = Arbitraries.doubles().between(0, 1).list().ofMaxSize(3);
    return Combinators.combine(
            texts, places, Arbitraries.of(BREAKS), Arbitraries.integers().between(0, 3))
        .as(
            (text, where, piece, how) -> {
              String damaged = text;
              for (double place : where) {
                int at = (int) (place * damaged.length());
                String before = damaged.substring(0, at);
                String after = damaged.substring(at);
                damaged =
                    switch (how) {
                      case 0 -> before + piece + after;
                      case 1 -> before + (after.isEmpty() ? "" : after.substring(1));
                      case 2 -> before + after + after;
                      default -> before;
                    };
              }
              return damaged;
            });
  }
}
