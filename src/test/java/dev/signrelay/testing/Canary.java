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
 * A secret that can be found again.
 *
 * @param core letters and digits that occur nowhere else, which every encoding of the secret holds
 *     in its own form
 */
public record Canary(String core) {

  private static final Pattern LONE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\+u([0-9A-Fa-f]{4})");

  /**
   * Whether a text holds it, plain or percent-encoded, escaped as in JSON, in base64 or in
   * hexadecimal, or in one of these inside another.
   */
  public boolean isIn(String text) {
    return Stream.iterate(text, Canary::decoded).limit(4).anyMatch(this::isSaidIn);
  }

  private boolean isSaidIn(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String base64 = text.replace('-', '+').replace('_', '/');
    return lower.contains(core.toLowerCase(Locale.ROOT))
        || lower.contains(HexFormat.of().formatHex(bytes(core)))
        || base64Forms().anyMatch(base64::contains);
  }

  /** The characters that its bytes alone decide, for each place where it can begin in base64. */
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

  /** The canaries that any of the texts holds. */
  public static List<String> in(List<Canary> canaries, Stream<String> texts) {
    return texts
        .flatMap(t -> canaries.stream().filter(c -> c.isIn(t)).map(c -> c.core() + " in " + t))
        .toList();
  }
}
