package dev.signrelay.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A marker in a secret that can be found in any output, even encoded.
 *
 * @param core letters and digits that occur nowhere else
 */
public record Canary(String core) {

  private static final Pattern LONE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\+u([0-9A-Fa-f]{4})");

  /**
   * Whether a text contains the marker: plain, percent-encoded, escaped as in JSON, in base64, in
   * hexadecimal, or in a combination of these.
   */
  public boolean isIn(String text) {
    return Stream.iterate(text, Canary::decoded).limit(4).anyMatch(this::occursIn);
  }

  private boolean occursIn(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String base64 = text.replace('-', '+').replace('_', '/');
    return lower.contains(core.toLowerCase(Locale.ROOT))
        || lower.contains(HexFormat.of().formatHex(bytes(core)))
        || base64Forms().anyMatch(base64::contains);
  }

  /** The base64 characters that depend on no other bytes, for each of the three offsets. */
  private Stream<String> base64Forms() {
    return IntStream.range(0, 3)
        .mapToObj(
            offset -> {
              byte[] shifted = bytes("\0".repeat(offset) + core);
              String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
              int decided = shifted.length * 8 / 6;
              return encoded.substring((offset * 8 + 5) / 6, decided);
            });
  }

  private static String decoded(String text) {
    String unescaped =
        JSON_ESCAPE
            .matcher(text)
            .replaceAll(
                e ->
                    Matcher.quoteReplacement(Character.toString(Integer.parseInt(e.group(1), 16))));
    return URLDecoder.decode(
        LONE_PERCENT.matcher(unescaped).replaceAll("%25"), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Describes each occurrence of a canary in a text. */
  public static List<String> in(List<Canary> canaries, Stream<String> texts) {
    return texts
        .flatMap(t -> canaries.stream().filter(c -> c.isIn(t)).map(c -> c.core() + " in " + t))
        .toList();
  }
}
