package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contrast ratios of text and background, by WCAG 2.2 level AA: 4.5 for text, 3 for edges. */
final class ContrastTest {

  private static final Pattern VARIABLE =
      Pattern.compile("--([a-z-]+): light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\);");

  @ParameterizedTest
  @CsvSource({
    "ground, 4.5, text quiet bad",
    "surface, 4.5, text quiet bad accent",
    "sunken, 4.5, text quiet",
    "accent, 4.5, on-accent",
    "good-ground, 4.5, good",
    "bad-ground, 4.5, bad",
    "wait-ground, 4.5, wait",
    "info-ground, 4.5, info",
    "ground, 3, edge accent",
    "surface, 3, edge wait",
    "sunken, 3, accent good bad wait info",
  })
  void theContrastSufficesInBothColourSchemes(String ground, double least, String texts)
      throws IOException {
    for (int scheme : new int[] {2, 3}) {
      Map<String, String> colours =
          VARIABLE
              .matcher(style())
              .results()
              .collect(Collectors.toMap(v -> v.group(1), v -> v.group(scheme)));
      assertThat(texts.split(" "))
          .allMatch(text -> contrast(colours.get(text), colours.get(ground)) >= least);
    }
  }

  private static String style() throws IOException {
    try (InputStream file = ContrastTest.class.getResourceAsStream("base.css")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static double contrast(String one, String other) {
    double a = luminance(one) + 0.05;
    double b = luminance(other) + 0.05;
    return Math.max(a, b) / Math.min(a, b);
  }

  private static double luminance(String colour) {
    int rgb = Integer.parseInt(colour, 16);
    return 0.2126 * linear(rgb >> 16 & 255)
        + 0.7152 * linear(rgb >> 8 & 255)
        + 0.0722 * linear(rgb & 255);
  }

  private static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
