package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Night;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The console in a real browser, if one is installed. */
@EnabledIf(
    value = "dev.signrelay.local.console.Browser#isInstalled",
    disabledReason = Browser.NEEDS_CHROMIUM)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleBrowserIT {

  private ConsoleRun run;
  private Browser browser;
  private Page page;

  @BeforeAll
  void start() throws IOException {
    run = ConsoleRun.start(1_000);
    browser = Browser.start();
    page = new Page(browser.driver(), run.url("/"));
  }

  @AfterAll
  void stop() throws IOException {
    browser.close();
    run.close();
  }

  @BeforeEach
  void open() {
    browser.resize(1280, 900);
    run.change("/console/upstream/flaky");
    run.change("/console/receiver/ok");
    page.open();
  }

  @AfterEach
  void requireNoBrowserErrors() {
    assertThat(browser.newLogEntries()).isEmpty();
  }

  @Test
  void aJobIsDisplayedFromItsRequestToItsDelivery() {
    page.send("an order");

    page.await(() -> assertThat(page.text("#answer")).containsPattern("200\\s+queued\\s+after "));
    assertThat(page.text("#answer pre")).isEqualTo("{\"success\":true,\"data\":null}");
    WebElement row = page.awaitRow("an order", "Delivered");
    assertThat(row.findElement(By.tagName("details")).getDomProperty("open")).isEqualTo("true");
    assertThat(row.findElements(By.cssSelector(".step .title")))
        .extracting(WebElement::getText)
        .contains("Request", "Callback arrived")
        .containsSubsequence("Signing attempt 1", "Signing attempt 2", "Callback attempt 1");
    assertThat(row.findElement(By.cssSelector(".timeline")).getText())
        .contains("http-500", "next attempt after", "callback follows", "http-204", "delivered");
    page.await(
        () ->
            assertThat(row.findElement(By.cssSelector(".record")).getText())
                .containsPattern("Status\\s+delivered")
                .containsPattern("Upstream calls\\s+2")
                .containsPattern("Deliveries\\s+1")
                .containsPattern("Last outcome\\s+delivered")
                .containsPattern("Signature\\s+\\S+")
                .doesNotContain("Next attempt", "Reason"));
  }

  @Night
  @Test
  void aJobWithoutACallbackIsDisplayedWithTheSignatureInItsRecord() {
    page.find("#with-callback").click();
    page.find("#respond-async").click();
    page.send("read later");

    WebElement row = page.awaitRow("read later", "Signed");
    page.await(() -> assertThat(page.text("#answer")).containsPattern("202\\s+queued"));
    page.await(
        () ->
            assertThat(row.findElement(By.cssSelector(".record")).getText())
                .containsPattern("Status\\s+signed")
                .containsPattern("Signature\\s+\\S+"));
    assertThat(row.findElement(By.cssSelector(".timeline")).getText())
        .contains("kept in its record");
  }

  @Night
  @Test
  void aRequestWithoutACallbackIsDisplayedAsUnsigned() {
    page.find("#with-callback").click();
    page.send("no callback");

    WebElement row = page.awaitRow("no callback", "Unsigned");
    page.await(() -> assertThat(row.getText()).contains("http-500", "no signature returned"));
    page.await(() -> assertThat(page.text("#answer")).containsPattern("200\\s+unsigned"));
    assertThat(page.find("#callback-url").isEnabled()).isFalse();
  }

  @Test
  void aDeadLetterIsDisplayedWithItsReasonAndRedrivenByAButton() {
    page.select("upstream", "down");
    assertThat(page.text("#upstream-note")).contains("503");
    page.send("down at first");
    WebElement row = page.awaitRow("down at first", "Failed");
    page.await(
        () ->
            assertThat(row.findElement(By.cssSelector(".record")).getText())
                .containsPattern("Status\\s+failed")
                .containsPattern("Reason\\s+signing-exhausted"));
    assertThat(row.findElement(By.cssSelector(".dead")).getText()).startsWith("signing-exhausted");
    page.await(() -> assertThat(page.text("#dead")).isNotEqualTo("0"));

    page.select("upstream", "healthy");
    row.findElement(By.cssSelector(".dead button")).click();

    WebElement again = page.awaitRow("down at first", "Delivered");
    assertThat(again.findElement(By.cssSelector(".dead")).isDisplayed()).isFalse();
    assertThat(again.findElement(By.cssSelector(".timeline")).getText()).contains("Redriven");
  }

  @Night
  @Test
  void theSelectedModesAreDisplayedInEveryPage() {
    page.select("receiver", "410");
    page.select("upstream", "slow");
    assertThat(page.text("#upstream-note")).contains("3 s");
    page.open();
    page.await(() -> assertThat(page.selected("upstream")).isEqualTo("slow"));
    assertThat(page.selected("receiver")).isEqualTo("410");

    run.change("/console/upstream/flaky");
    page.await(() -> assertThat(page.selected("upstream")).isEqualTo("flaky"));
    page.send("unwanted");
    assertThat(page.awaitRow("unwanted", "Failed").getText()).contains("callback-gone");
  }

  @Night
  @Test
  void anOpenedPageDisplaysEarlierJobsAndMetrics() {
    page.send("before");
    page.awaitRow("before", "Delivered");
    page.open();

    page.awaitRow("before", "Delivered");
    assertThat(page.text("#limit")).isEqualTo("of 1000");
    page.await(() -> assertThat(page.text("#calls")).isNotEqualTo("0"));
    assertThat(page.all("#chart rect.some")).isNotEmpty();
    assertThat(page.find("#chart").getDomAttribute("aria-label")).contains("15 minutes");
  }

  @Night
  @Test
  void aHostileMessageIsDisplayedAsText() {
    String hostile =
        "<img src=x onerror=\"document.title='injected'\">&amp;<script>alert(1)</script>";
    page.send(hostile);

    WebElement row = page.awaitRow(hostile, "Delivered");

    assertThat(row.findElements(By.cssSelector("img, script"))).isEmpty();
    assertThat(browser.driver().getTitle()).isEqualTo("SignRelay console");
  }

  @Night
  @Test
  void thePageDoesNotScrollHorizontallyOnAPhone() {
    browser.resize(360, 800);
    page.type("#callback-url", run.system().inbox().url() + "?q=" + "y".repeat(300));
    page.send("x".repeat(300));
    page.awaitRow("x".repeat(200), "Delivered");

    assertThat(page.driver().executeScript("return innerWidth")).isEqualTo(360L);
    assertThat(page.scrollsHorizontally()).isFalse();
  }

  @Night
  @Test
  void theConsoleCanBeUsedWithOnlyTheKeyboard() {
    Keyboard keys = new Keyboard(page.driver());
    keys.tabTo("message").type("typed" + Keys.ENTER);
    WebElement row = page.awaitRow("typed", "Delivered");

    keys.tabTo("upstream").type(Keys.ARROW_RIGHT);
    page.await(() -> assertThat(page.text("#upstream-note")).contains("503"));
    keys.tabTo("SUMMARY").type(Keys.ENTER);
    page.await(
        () ->
            assertThat(row.findElement(By.tagName("details")).getDomProperty("open"))
                .isIn(null, "false"));
    assertThat(keys.focusIsVisible()).isTrue();
  }
}
