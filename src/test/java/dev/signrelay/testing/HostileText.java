package dev.signrelay.testing;

import dev.signrelay.json.Json;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Generates text that parsers and writers often handle incorrectly. */
public final class HostileText {

  /** Characters that end lines, headers, strings or entities, and invalid characters. */
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

  /** Valid and invalid parts of query strings and URLs. */
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

  private static final List<String> MEMBERS =
      List.of("message", "message", "callback_url", "valid_for", "other", "\ud800");

  private static final List<String> QUERY_AND_BREAKS =
      Stream.concat(QUERY.stream(), BREAKS.stream()).toList();

  private HostileText() {}

  /** Random characters including unpaired surrogates, or breaks between words. */
  public static String any(SeededInput in) {
    return in.oneMadeBy(() -> characters(in), () -> pieces(in, BREAKS, 6));
  }

  private static String characters(SeededInput in) {
    int bound = in.oneOf(0x80, 0x100, 0x10000);
    var text = new StringBuilder();
    for (int left = in.between(0, in.oneOf(5, 40)); left > 0; left--) {
      text.append((char) in.below(bound));
    }
    return text.toString();
  }

  /** Raw query strings: some of random text, most of them almost valid. */
  public static String query(SeededInput in) {
    return in.oneMadeBy(
        () -> any(in),
        () ->
            in.oneOf(
                    "",
                    "message=",
                    "message=m&",
                    "message=m&callback_url=https://",
                    "message=m&callback_url=https://receiver.example",
                    "callback_url=https://receiver.example/&message=")
                + pieces(in, QUERY_AND_BREAKS, 8));
  }

  private static String pieces(SeededInput in, List<String> pieces, int most) {
    return String.join("", in.list(most, () -> in.oneOf(pieces)));
  }

  /** A text as a JSON string, with its quotation marks. */
  public static String quoted(String text) {
    String object = Json.write(Json.object().put("t", text));
    return object.substring(5, object.length() - 1);
  }

  /** Bodies of requests: some of random text, most of them almost valid. */
  public static String body(SeededInput in) {
    return in.oneMadeBy(() -> any(in), () -> object(in), () -> damaged(in, object(in)));
  }

  private static String object(SeededInput in) {
    return in.list(4, () -> quoted(in.oneOf(MEMBERS)) + ":" + value(in)).stream()
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String value(SeededInput in) {
    return in.oneMadeBy(
        () -> quoted(any(in)),
        () -> quoted(in.oneOf("m", "https://receiver.example/", "https://") + any(in)),
        () -> in.oneOf("1", "60", "1209601", "1e2", "-1", "null", "true", "[]", "{\"message\":1}"));
  }

  /** The text after up to three insertions, deletions, repetitions or truncations. */
  public static String damaged(SeededInput in, String text) {
    String damaged = text;
    String piece = in.oneOf(BREAKS);
    int how = in.below(4);
    for (int places = in.between(0, 3); places > 0; places--) {
      int at = in.between(0, damaged.length());
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
  }

  /** The text in ASCII, as in a Java string literal. */
  public static String inAscii(String text) {
    return text.chars()
        .mapToObj(c -> c >= ' ' && c <= '~' ? Character.toString(c) : "\\u%04x".formatted(c))
        .collect(Collectors.joining());
  }
}
