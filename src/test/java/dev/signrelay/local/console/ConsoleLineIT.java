package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.UpstreamPause;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The console while jobs wait in line: the upstream allows two calls per minute. */
@EnabledIf(value = "dev.signrelay.local.console.Page#canOpen", disabledReason = Page.NEEDS_CHROMIUM)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleLineIT {

  /** More than are called within the next two minutes. */
  private static final int JOBS = 10;

  @AutoClose
  private final ConsoleRun run =
      ConsoleRun.start(Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "2"), 0);

  @AutoClose private final Page page = new Page();

  ConsoleLineIT() throws IOException {}

  @BeforeAll
  void start() {
    page.openConsole(run.url("/"));
    page.type("#message", "job");
    page.find("#send-ten").click();
    page.await(() -> assertThat(page.all(".job")).hasSize(JOBS));
  }

  @AfterEach
  void requireNoBrowserErrors() {
    assertThat(page.newLogEntries()).isEmpty();
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
            InstantSource.system());

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

  @ParameterizedTest
  @ValueSource(ints = {390, 800, 1280, 1440})
  void thePageWithALineDoesNotScrollHorizontally(int width) {
    page.resize(width, 900);

    page.await(() -> assertThat(page.text("#line-note")).isNotEmpty());
    assertThat(page.scrollsHorizontally()).isFalse();
    page.resize(1280, 900);
  }
}
