package dev.signrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Canaries are found in every encoding. */
final class CanaryTest {

  private static final Canary CANARY = new Canary("Serinus7Canaria");
  private static final String SECRET = "é \"" + CANARY.core() + "\r\n?";

  static Stream<String> encodings() {
    byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
    return Stream.of(
            SECRET,
            SECRET.toUpperCase(Locale.ROOT),
            URLEncoder.encode(SECRET, StandardCharsets.UTF_8),
            everyByte("%%%02X", bytes),
            everyByte("%%25%02x", bytes),
            everyByte("\\u%04x", bytes),
            everyByte("\\\\u%04X", bytes),
            HexFormat.of().formatHex(bytes),
            HexFormat.of().withUpperCase().formatHex(bytes),
            Base64.getUrlEncoder().encodeToString(bytes),
            base64(SECRET),
            base64("x" + SECRET),
            base64("xy" + SECRET + "and more"),
            URLEncoder.encode(base64(SECRET), StandardCharsets.UTF_8))
        .flatMap(form -> Stream.of(form, "a% " + form + "%", line(form)));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void aSecretIsFoundInEveryEncoding(String text) {
    assertThat(CANARY.isIn(text)).isTrue();
  }

  @Test
  void otherTextIsNotFound() {
    assertThat(CANARY.isIn(line("serinus 7 canaria %53%00 \\u0053"))).isFalse();
    assertThat(CANARY.isIn(line(base64("Serinus8Canaria")))).isFalse();
  }

  private static String line(String value) {
    return Json.writeAscii(Map.of("error", value));
  }

  private static String everyByte(String format, byte[] bytes) {
    return Stream.iterate(0, i -> i < bytes.length, i -> i + 1)
        .map(i -> format.formatted(bytes[i]))
        .collect(Collectors.joining());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
