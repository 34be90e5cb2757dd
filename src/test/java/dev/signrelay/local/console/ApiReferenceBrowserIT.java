package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Night;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The API reference in a real browser, if one is installed. */
@EnabledIf(value = "dev.signrelay.local.console.Page#canOpen", disabledReason = Page.NEEDS_CHROMIUM)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(3)
final class ApiReferenceBrowserIT {

  private static final String CLICK_ALL =
      "document.querySelectorAll(arguments[0]).forEach((element) => element.click())";

  private static final String TOO_LIGHT_IF_DARK =
      """
      data:text/html,<!doctype html><html lang=en><title>t</title><main><h1>h</h1>\
      <style>:root{color-scheme:light dark}p{background:white;color:light-dark(black,silver)}\
      </style><p>text</p></main>""";

  @AutoClose private final ConsoleRun run = ConsoleRun.start();
  @AutoClose private final Page page = new Page();
  private final Axe axe = new Axe(page.driver());

  ApiReferenceBrowserIT() throws IOException {}

  @Test
  void theExampleRequestIsAcceptedAndItsResponseIsAccessibleOnAPhone() {
    page.prefer("dark");
    open(390);
    page.find("#operations-Sign-sign .opblock-summary-control").click();
    page.await(() -> page.find("button.execute").click());

    page.await(
        () ->
            assertThat(page.text(".live-responses-table"))
                .contains("\"success\": true", "x-sign-status")
                .containsPattern("20[02]"));
    assertThat(page.text(".request-url"))
        .contains("/crypto/sign?message=hello%20world&callback_url");
    assertThat(page.newLogEntries()).isEmpty();
    requireAccessible();
  }

  @Night
  @Test
  void theCallbackIsShownWithOnlyTheKeyboard() {
    open(1280);
    page.find("#operations-Sign-sign .opblock-summary-control").sendKeys(Keys.ENTER);
    page.await(() -> assertThat(page.all(".tab-item[tabindex]")).hasSize(2));

    page.find(".tab-item:not(.active)").sendKeys(Keys.ENTER);

    page.await(() -> assertThat(page.text(".callbacks-container")).contains("Receive a signature"));
  }

  @Night
  @ParameterizedTest
  @CsvSource({"light, 390", "light, 800", "light, 1440", "dark, 390", "dark, 800", "dark, 1440"})
  void everyPartIsAccessible(String scheme, int width) {
    page.prefer(scheme);
    open(width);
    clickAll("#operations-Sign-signBody .opblock-summary-control");
    page.await(() -> page.find("button.execute").click());
    page.await(() -> assertThat(page.text(".live-responses-table")).contains("\"success\": true"));
    requireAccessible();

    clickAll(".tab-item:not(.active)");
    page.await(() -> assertThat(page.all(".callbacks-container .opblock")).hasSize(1));
    clickAll(".callbacks-container .opblock-summary-control");
    clickAll(".model-example .tablinks:not(.active), .models-control, .btn.authorize");
    page.await(() -> assertThat(page.all(".json-schema-2020-12, .modal-ux")).isNotEmpty());
    clickAll(".json-schema-2020-12-accordion");
    requireAccessible();
  }

  /** In the colour scheme in which it occurs. */
  @Night
  @Test
  void textWithTooLittleContrastIsFound() {
    page.prefer("light");
    page.driver().get(TOO_LIGHT_IF_DARK);
    assertThat(axe.violations()).isEmpty();

    page.prefer("dark");

    assertThat(axe.violations()).singleElement().asString().startsWith("color-contrast: p");
  }

  private void requireAccessible() {
    assertThat(axe.violations()).isEmpty();
    assertThat(page.scrollsHorizontally()).isFalse();
  }

  private void open(int width) {
    page.resize(width, 900);
    page.driver().get(run.url(ApiReference.PATH).toString());
    page.await(() -> assertThat(page.all(".opblock-summary-control")).hasSize(4));
  }

  private void clickAll(String selector) {
    page.driver().executeScript(CLICK_ALL, selector);
  }
}
