package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.UpstreamPause;
import dev.signrelay.testing.Night;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The console while jobs wait in line: the upstream allows two calls per minute. */
@EnabledIf(
    value = "dev.signrelay.local.console.Browser#isInstalled",
    disabledReason = Browser.NEEDS_CHROMIUM)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleLineIT {

  /** More than are called within the next two minutes. */
  private static final int JOBS = 10;

  private ConsoleRun run;
  private Browser browser;
  private Page page;

  @BeforeAll
  void start() throws IOException {
    run = ConsoleRun.start(2);
    browser = Browser.start();
    page = new Page(browser.driver(), run.url("/"));
    page.open();
    page.type("#message", "job");
    page.find("#send-ten").click();
    page.await(() -> assertThat(page.all(".job")).hasSize(JOBS));
  }

  @AfterAll
  void stop() throws IOException {
    browser.close();
    run.close();
  }

  @AfterEach
  void requireNoBrowserErrors() {
    assertThat(browser.newLogEntries()).isEmpty();
  }

  @Test
  void theLineIsDisplayedWithItsLengthAndTheWaitOfANewJob() {
    page.await(() -> assertThat(page.text("#line-depth")).matches("[1-9]\\d*"));
    page.await(
        () -> assertThat(page.text("#line-note")).matches("new jobs wait (\\d+ min )?\\d+ s"));
  }

  @Test
  void aJobInLineIsDisplayedWithItsPlaceAndItsExpectedCall() {
    page.send("one more");

    WebElement row = page.awaitRow("one more", "waiting");
    page.await(
        () ->
            assertThat(row.findElement(By.className("now")).getText())
                .matches("place \\d+, call in (\\d+ min )?\\d+ s"));
    page.await(() -> assertThat(page.text("#answer")).contains("queued", "Call expected in"));
    assertThat(row.findElement(By.className("steps")).getText())
        .contains("Rate limited", "joins the line", "call expected in");
  }

  @Test
  void aPauseIsDisplayedWithItsEndAndEndsWithIt() {
    page.send("sent before the pause");
    WebElement row = page.awaitRow("sent before the pause", "waiting");
    var pause =
        new UpstreamPause(
            run.system().limits().client(),
            run.system().limits().tableName(),
            InstantSource.system(),
            () -> UUID.randomUUID().toString());

    pause.pause(Duration.ofHours(1));
    try {
      page.await(
          () ->
              assertThat(row.findElement(By.className("now")).getText())
                  .matches("place \\d+, paused until .*\\d\\d:\\d\\d:\\d\\d"));
      page.await(() -> assertThat(page.text("#line-note")).startsWith("calls paused until "));
    } finally {
      pause.resume();
    }
    page.await(
        () -> assertThat(row.findElement(By.className("now")).getText()).contains("call in "));
  }

  @Test
  void onAPhoneThePageWithALineDoesNotScrollHorizontally() {
    requireNoHorizontalScrolling(390);
  }

  @Night
  @ParameterizedTest
  @ValueSource(ints = {800, 1280, 1440})
  void thePageWithALineDoesNotScrollHorizontally(int width) {
    requireNoHorizontalScrolling(width);
  }

  private void requireNoHorizontalScrolling(int width) {
    browser.resize(width, 900);

    page.await(() -> assertThat(page.text("#line-note")).isNotEmpty());
    assertThat(page.scrollsHorizontally()).isFalse();
    browser.resize(1280, 900);
  }
}
