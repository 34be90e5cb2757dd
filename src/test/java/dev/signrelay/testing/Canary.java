package dev.signrelay.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A marker in a secret that can be found in any output, even encoded. */
public final class Canary {

  private static final Pattern LONE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\+u([0-9A-Fa-f]{4})");
  private static final int MAX_ENCODINGS = 3;

  private final String core;
  private final List<String> lowerCaseForms;
  private final List<String> base64Forms;

  /**
   * @param core letters and digits that occur nowhere else
   */
  public Canary(String core) {
    this.core = core;
    this.lowerCaseForms =
        List.of(core.toLowerCase(Locale.ROOT), HexFormat.of().formatHex(bytes(core)));
    this.base64Forms = base64Forms(core);
  }

  public String core() {
    return core;
  }

  /** The base64 characters that depend on no other bytes, for each of the three offsets. */
  private static List<String> base64Forms(String core) {
    return IntStream.range(0, 3)
        .mapToObj(
            offset -> {
              byte[] shifted = bytes("\0".repeat(offset) + core);
              String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
              int decided = shifted.length * 8 / 6;
              return encoded.substring((offset * 8 + 5) / 6, decided);
            })
        .toList();
  }

  /**
   * Whether a text contains the marker: plain, percent-encoded, escaped as in JSON, in base64, in
   * hexadecimal, or in a combination of these.
   */
  public boolean isIn(String text) {
    return isIn(decodings(text));
  }

  private boolean isIn(List<Decoding> decodings) {
    return decodings.stream()
        .anyMatch(
            text ->
                lowerCaseForms.stream().anyMatch(text.lowerCase()::contains)
                    || base64Forms.stream().anyMatch(text.base64()::contains));
  }

  /** Describes each occurrence of a canary in a text. */
  public static List<String> in(List<Canary> canaries, Stream<String> texts) {
    var found = new ArrayList<String>();
    texts.forEach(
        text -> {
          List<Decoding> decodings = decodings(text);
          canaries.stream()
              .filter(canary -> canary.isIn(decodings))
              .forEach(canary -> found.add(canary.core + " in " + text));
        });
    return found;
  }

  /**
   * A text as it is searched.
   *
   * @param base64 with the characters of base64 where the text has those of base64url
   */
  private record Decoding(String lowerCase, String base64) {}

  /** The text itself, and what it encodes. */
  private static List<Decoding> decodings(String text) {
    var decodings = new ArrayList<Decoding>();
    String rest = text;
    for (int i = 0; i <= MAX_ENCODINGS; i++) {
      decodings.add(
          new Decoding(rest.toLowerCase(Locale.ROOT), rest.replace('-', '+').replace('_', '/')));
      String decoded = decoded(rest);
      if (decoded.equals(rest)) {
        break;
      }
      rest = decoded;
    }
    return decodings;
  }

  private static String decoded(String text) {
    String unescaped =
        JSON_ESCAPE
            .matcher(text)
            .replaceAll(
                e ->
                    Matcher.quoteReplacement(Character.toString(Integer.parseInt(e.group(1), 16))));
    return unescaped.indexOf('%') < 0
        ? unescaped
        : URLDecoder.decode(
            LONE_PERCENT.matcher(unescaped).replaceAll("%25"), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
