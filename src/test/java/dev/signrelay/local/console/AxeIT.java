package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Night;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Violations are found, in the colour scheme in which they occur. */
@EnabledIf(value = "dev.signrelay.local.console.Page#canOpen", disabledReason = Page.NEEDS_CHROMIUM)
final class AxeIT {

  private static final String PAGE =
      """
      data:text/html,<!doctype html><html lang=en><title>t</title><main><h1>h</h1>\
      <style>:root{color-scheme:light dark}p{background:white;color:light-dark(black,silver)}\
      </style><p>text</p></main>""";

  @Night
  @Test
  void textWithTooLittleContrastIsFound() throws IOException {
    try (var page = new Page()) {
      var axe = new Axe(page.driver());
      page.prefer("light");
      page.driver().get(PAGE);
      assertThat(axe.violations()).isEmpty();

      page.prefer("dark");

      assertThat(axe.violations()).singleElement().asString().startsWith("color-contrast: p");
    }
  }
}
