package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Night;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The list of jobs with its filters, the page of a job and the inbox, in a real browser. */
@EnabledIf(value = "dev.signrelay.local.console.Page#canOpen", disabledReason = Page.NEEDS_CHROMIUM)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1)
final class ConsolePagesIT {

  /** If it were read as HTML, it would change the title. */
  private static final String HOSTILE =
      "</pre><img src=x onerror=\"document.title='injected'\">'; $(touch x)\u202e";

  @AutoClose private final ConsoleRun run = ConsoleRun.start();
  @AutoClose private final Page page = new Page();

  ConsolePagesIT() throws IOException {}

  @BeforeEach
  void open() {
    page.resize(1280, 900);
    run.change("/console/upstream/flaky");
    run.change("/console/receiver/ok");
    page.openConsole(run.url("/"));
    page.show("jobs");
  }

  @AfterEach
  void requireNoBrowserErrors() {
    assertThat(page.newLogEntries()).isEmpty();
  }

  @Test
  void aJobIsDisplayedFromItsRequestToItsDelivery() {
    page.send("an order");

    page.await(() -> assertThat(page.text("#answer")).containsPattern("200\\s+queued\\s+after "));
    assertThat(page.text("#answer pre")).isEqualTo("{\"success\":true,\"data\":null}");
    WebElement row = page.awaitRow("an order", "delivered");
    assertThat(isExpanded(row)).isTrue();
    assertThat(row.findElements(By.cssSelector(".steps tbody th")))
        .extracting(WebElement::getText)
        .containsSubsequence(
            "Request", "Signing attempt 1", "Signing attempt 2", "Callback attempt 1");
    assertThat(row.findElement(By.cssSelector(".steps")).getText())
        .contains("http-500", "next attempt after", "callback follows", "http-204", "delivered");
  }

  private static boolean isExpanded(WebElement row) {
    return "true".equals(row.findElement(By.tagName("details")).getDomProperty("open"));
  }

  @Night
  @Test
  void aJobWithoutACallbackIsDisplayedWithTheSignatureInItsRecord() {
    page.find("#with-callback").click();
    assertThat(page.find("#callback-url").isEnabled()).isFalse();
    page.find("#respond-async").click();
    page.send("read later");

    WebElement row = page.awaitRow("read later", "signed");
    page.await(() -> assertThat(page.text("#answer")).containsPattern("202\\s+queued"));
    assertThat(row.findElement(By.cssSelector(".steps")).getText()).contains("kept in its record");
    row.findElement(By.cssSelector("a.id")).click();
    page.await(() -> assertThat(page.text("#job-record")).containsPattern("status\\s+signed"));
    assertThat(page.text("#signature-from")).isEqualTo("From its record.");
  }

  @Night
  @Test
  void aRequestWithABodyAndNoCallbackIsDisplayedAsUnsigned() {
    run.client().post("application/json", "{\"message\":\"in the body\"}");

    WebElement row = page.awaitRow("in the body", "unsigned");
    row.findElement(By.tagName("summary")).click();
    page.await(() -> assertThat(row.getText()).contains("http-500", "no signature returned"));
  }

  @Test
  void aDeadLetterIsDisplayedWithItsReasonAndRedrivenByAButton() {
    page.select("upstream", "down");
    assertThat(page.text("#upstream-note")).contains("503");
    page.send("down at first");
    WebElement row = page.awaitRow("down at first", "failed");
    assertThat(row.findElement(By.cssSelector(".dead")).getText()).startsWith("signing-exhausted");
    page.await(() -> assertThat(page.text("#dead")).isNotEqualTo("0"));

    page.select("upstream", "healthy");
    row.findElement(By.cssSelector(".dead button")).click();

    WebElement again = page.awaitRow("down at first", "delivered");
    assertThat(again.findElement(By.cssSelector(".dead")).isDisplayed()).isFalse();
    assertThat(again.findElement(By.cssSelector(".steps")).getText()).contains("Redriven");
  }

  @Night
  @Test
  void anOpenedPageDisplaysEarlierJobsTheModesAndMetrics() {
    page.send("before");
    page.awaitRow("before", "delivered");
    page.select("receiver", "410");
    page.select("upstream", "slow");
    assertThat(page.text("#upstream-note")).contains("3 s");

    page.openConsole(run.url("/"));

    page.awaitRow("before", "delivered");
    page.await(() -> assertThat(page.value("#upstream input:checked")).isEqualTo("slow"));
    assertThat(page.value("#receiver input:checked")).isEqualTo("410");
    assertThat(page.text("#limit")).isEqualTo("no limit");
    page.await(() -> assertThat(page.text("#calls")).isNotEqualTo("0"));
    assertThat(page.find("#chart .some").getDomAttribute("d")).isNotEmpty();
    assertThat(page.find("#chart").getDomAttribute("aria-label")).contains("15 minutes");
    run.change("/console/upstream/flaky");
    page.await(() -> assertThat(page.value("#upstream input:checked")).isEqualTo("flaky"));
  }

  @Test
  void aJobHasAPageWithAllThatIsKnownOfIt() {
    String message = HOSTILE + "x".repeat(300);
    String id = run.sign(message);
    WebElement row = page.awaitRow(message.substring(0, 200), "delivered");

    row.findElement(By.cssSelector("a.id")).click();

    page.await(() -> assertThat(page.text("#job-badge")).isEqualTo("Delivered"));
    assertThat(page.find("#job-message").getDomProperty("textContent")).isEqualTo(message);
    assertThat(page.text("#job-facts"))
        .contains("Job id", id, "API request id", "Callback URL")
        .containsPattern("Accepted\\s+.*\\d\\d:\\d\\d:\\d\\d\\s");
    assertThat(page.text("#job-steps"))
        .contains("Signing attempt 1", "next attempt after", "Callback attempt 1")
        // On a slow machine the answer may be late.
        .containsPattern("http-500|timeout");
    assertThat(page.all("#job-steps .bars"))
        .hasSizeGreaterThan(3)
        .extracting(cell -> cell.getRect().getX())
        .containsOnly(page.find("#job-steps .span").getRect().getX());
    page.await(() -> assertThat(page.text("#signature-from")).isEqualTo("From its record."));
    assertThat(page.text("#job-signature")).hasSizeGreaterThan(100);
    page.await(() -> assertThat(page.text("#job-curl")).startsWith("curl -i --globoff '"));
    page.find("#job-curl + button").click();
    page.await(() -> assertThat(page.text("#job-curl + button")).matches("Copied|Ctrl-C"));
    assertThat(page.text("#job-answer")).contains("HTTP 200", "x-sign-status: queued", "success");
    assertThat(page.text("#job-callbacks"))
        .contains("answered 204", "webhook-id", id, "\"success\":true");
    page.await(() -> assertThat(page.text("#job-record")).containsPattern("status\\s+delivered"));
    // The hostile message has changed nothing.
    assertThat(page.driver().getTitle())
        .isEqualTo("Job %s - SignRelay console".formatted(id.substring(0, 8)));

    page.driver().navigate().refresh();
    page.await(() -> assertThat(page.text("#job-badge")).isEqualTo("Delivered"));
    page.driver().navigate().back();
    page.await(() -> assertThat(page.find("#job-list").isDisplayed()).isTrue());
    page.show("job/%3Cb%3E%zz");
    page.await(() -> assertThat(page.text("#job-missing")).contains("does not know this job"));
  }

  /** U+202E reverses the direction of text, and ESC [201~ ends what a terminal pastes. */
  @ParameterizedTest
  @EnabledOnOs({OS.LINUX, OS.MAC})
  @ValueSource(
      strings = {
        "-x'; touch /tmp/x; '",
        "$(id) `id` \\ \" !",
        "\u001b[201~id\n'\\",
        "\u202eabc\u2028é\ud83d\ude00"
      })
  void aShellReadsAQuotedTextOfACommandAsOneWord(String text) throws Exception {
    String script =
        "import('/console/curl.js').then(curl => arguments[1](curl.quoted(arguments[0])))";
    String quoted = (String) page.driver().executeAsyncScript(script, text);

    var shell = new ProcessBuilder("bash", "-c", "LC_ALL=C.UTF-8; printf %s " + quoted).start();

    assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8)).isEqualTo(text);
    assertThat(quoted).doesNotContain("\u001b", "\u202e", "\n", "\u2028");
  }

  @Night
  @Test
  void jobsAreFilteredByStateAndFoundByMessageHostAndId() {
    String id = run.sign("an order to find");
    page.awaitRow("an order to find", "delivered");
    run.change("/console/receiver/410");
    run.sign("a dead order");
    page.awaitRow("a dead order", "failed");

    page.find("#states input[value=failed] + span").click();
    page.await(() -> assertThat(page.messages()).contains("a dead order"));
    assertThat(page.messages()).doesNotContain("an order to find");
    assertThat(page.text("#jobs-count")).startsWith(page.messages().size() + " job");

    page.driver().navigate().refresh();
    page.await(() -> assertThat(page.messages()).contains("a dead order"));
    assertThat(page.messages()).doesNotContain("an order to find");

    page.find("#states input[value=all] + span").click();
    page.type("#search", "ORDER TO FIND");
    page.await(() -> assertThat(page.messages()).containsExactly("an order to find"));
    assertThat(page.text("#states")).containsPattern("Delivered 1\\s");
    page.await(
        () ->
            assertThat(page.find("#announcement").getDomProperty("textContent"))
                .isEqualTo("1 job"));
    page.type("#search", id.substring(2, 20));
    page.await(() -> assertThat(page.messages()).containsExactly("an order to find"));
    page.type("#search", URI.create(run.system().inbox().url()).getAuthority());
    page.await(() -> assertThat(page.messages()).contains("a dead order", "an order to find"));
    page.type("#search", "nothing has this");
    page.await(() -> assertThat(page.text("#no-jobs")).contains("No job matches"));
  }

  @Test
  void newJobsDoNotMoveWhatIsRead() {
    run.sign("read by the user");
    WebElement row = page.awaitRow("read by the user", "delivered");
    row.findElement(By.tagName("summary")).click();

    run.sign("while one reads");
    page.await(() -> assertThat(page.text("#new-jobs")).isEqualTo("1 new job"));
    assertThat(page.messages()).doesNotContain("while one reads");

    page.find("#new-jobs").click();
    page.await(() -> assertThat(page.messages()).startsWith("while one reads", "read by the user"));
    assertThat(page.find("#new-jobs").isDisplayed()).isFalse();
  }

  @Night
  @Test
  void someDeadLettersAreRedrivenAndThenAllThatAreShown() {
    run.change("/console/receiver/410");
    for (String message : new String[] {"letter 1", "letter 2", "letter 3"}) {
      run.sign(message);
      page.awaitRow(message, "failed");
    }
    run.change("/console/receiver/ok");
    page.type("#search", "letter");
    page.await(() -> assertThat(page.text("#redrive-all")).isEqualTo("Redrive all 3 found"));

    page.awaitRow("letter 2", "failed").findElement(By.cssSelector(".dead input")).click();
    page.type("#search", "nothing");
    page.await(() -> assertThat(page.messages()).isEmpty());
    page.type("#search", "letter");
    WebElement selected = page.awaitRow("letter 2", "failed");
    assertThat(selected.findElement(By.cssSelector(".dead input")).isSelected()).isTrue();
    assertThat(page.text("#redrive-selected")).isEqualTo("Redrive 1 selected");
    page.find("#redrive-selected").click();
    page.await(() -> assertThat(page.all("#job-list .dead input:checked")).isEmpty());

    page.awaitRow("letter 2", "delivered");
    page.awaitRow("letter 1", "failed");
    page.find("#redrive-all").click();
    page.awaitRow("letter 1", "delivered");
    page.awaitRow("letter 3", "delivered");

    page.find("#clear").click();
    page.await(() -> assertThat(page.messages()).isEmpty());
  }

  @Night
  @Test
  void noRedriveIsOfferedForAJobThatHasExpired() {
    run.change("/console/upstream/down");
    run.client().get("message=wanted+soon&valid_for=2&callback_url=" + run.system().inbox().url());

    WebElement row = page.awaitRow("wanted soon", "expired");

    assertThat(row.findElement(By.cssSelector(".dead")).getText()).startsWith("expired");
    assertThat(row.findElement(By.cssSelector(".dead button")).isDisplayed()).isFalse();
  }

  @Test
  void deadLettersThatWerePurgedAreMarkedAndCleared() {
    run.change("/console/receiver/410");
    run.sign("purged");
    page.awaitRow("purged", "failed");
    page.await(() -> assertThat(number("#dead")).isEqualTo(chip("failed") + chip("expired")));

    var queues = run.system().queues();
    queues.client().purgeQueue(p -> p.queueUrl(queues.deadLetterQueueUrl()));

    WebElement row = page.awaitRow("purged", "lost");
    page.await(() -> assertThat(page.text("#dead")).isEqualTo("0"));
    assertThat(row.findElement(By.cssSelector(".dead")).getText()).startsWith("callback-gone");
    assertThat(row.findElement(By.cssSelector(".dead button")).isDisplayed()).isFalse();
    page.find("#clear").click();
    page.await(() -> assertThat(page.messages()).doesNotContain("purged"));
  }

  private int chip(String state) {
    return number("#states [value=%s] + span b".formatted(state));
  }

  /** Also of a chip that is hidden, because there are no such jobs. */
  private int number(String selector) {
    return Integer.parseInt(page.find(selector).getDomProperty("textContent"));
  }

  @Test
  void theInboxShowsRequestsThatNobodyExpected() {
    String id = run.sign("delivered to the inbox");
    page.awaitRow("delivered to the inbox", "delivered");
    for (int i = 0; i < 2; i++) {
      run.send(
          HttpRequest.newBuilder(URI.create(run.system().inbox().url() + "?%3Cb%3E"))
              .header("webhook-id", "unexpected")
              .header("X-Hostile", "<img src=x>")
              .POST(BodyPublishers.ofString(HOSTILE)));
    }

    page.find("#inbox-tab").click();

    page.await(
        () ->
            assertThat(page.text("#delivery-list > li"))
                .contains("POST /inbox", "duplicate", "no job", "not checked"));
    WebElement newest = page.find("#delivery-list > li");
    assertThat(page.text("#delivery-list")).contains("delivered to the inbox");
    newest.findElement(By.tagName("summary")).click();
    page.await(() -> assertThat(newest.getText()).contains("<img src=x>", "</pre><img src=x"));
    assertThat(page.all("#delivery-list img")).isEmpty();
    page.find("#delivery-list a[href='#job/%s']".formatted(id)).click();
    page.await(() -> assertThat(page.text("#job-badge")).isEqualTo("Delivered"));
  }

  @Test
  void aLostConnectionIsShownUntilTheLocalRunAnswersAgain() throws IOException {
    URI url;
    try (ConsoleRun first = ConsoleRun.start()) {
      url = first.url("/");
      first.client().sign("of the first run");
      page.driver().get(url.toString());
      page.await(() -> assertThat(page.messages()).containsExactly("of the first run"));
      assertThat(page.find("#lost").isDisplayed()).isFalse();
    }
    page.await(
        () -> assertThat(page.text("#lost")).contains("Connection lost.", "Restart the local run"));
    assertThat(page.find("body").getDomAttribute("class")).isEqualTo("stale");
    assertThat(page.messages()).containsExactly("of the first run");
    page.send("not received");
    page.await(() -> assertThat(page.text("#answer")).contains("does not respond"));

    try (ConsoleRun second = ConsoleRun.start(Map.of(), url.getPort())) {
      second.client().sign("of the second run");
      page.await(() -> assertThat(page.text("#connection")).isEqualTo("Live"));
      page.await(() -> assertThat(page.messages()).containsExactly("of the second run"));
      assertThat(page.text("#answer")).isEmpty();
      assertThat(page.find("#lost").isDisplayed()).isFalse();
      page.driver().get("about:blank");
      page.newLogEntries(); // the browser's messages about the connection
    }
  }

  @Test
  void theConsoleIsUsedWithOnlyTheKeyboard() {
    var keys = new Keyboard(page.driver());
    keys.tabTo("message").type("by keyboard" + Keys.ENTER);
    WebElement row = page.awaitRow("by keyboard", "delivered");
    keys.tabTo("upstream").type(Keys.ARROW_RIGHT);
    page.await(() -> assertThat(page.text("#upstream-note")).contains("503"));

    keys.tabTo("search").type("by keyboard");
    page.await(() -> assertThat(page.messages()).containsExactly("by keyboard"));
    keys.tabTo("state").type(Keys.ARROW_RIGHT);
    page.await(() -> assertThat(page.messages()).isEmpty());
    keys.type(Keys.ARROW_LEFT);
    page.await(() -> assertThat(page.messages()).containsExactly("by keyboard"));
    keys.tabTo("SUMMARY").type(Keys.ENTER);
    page.await(() -> assertThat(isExpanded(row)).isFalse());
    keys.type(Keys.TAB);
    assertThat(keys.focusIsVisible()).isTrue();
    keys.type(Keys.ENTER);
    page.await(() -> assertThat(page.text("#job-badge")).isEqualTo("Delivered"));

    page.driver().navigate().back();
    page.await(
        () ->
            assertThat(page.driver().switchTo().activeElement().getDomAttribute("aria-label"))
                .endsWith("page of the job"));
    assertThat(page.value("#search")).isEqualTo("by keyboard");
  }

  @Test
  void noPageViolatesARuleForAccessibilityOnAPhoneInTheDarkScheme() {
    requireAccessiblePages(390, "dark");
  }

  @Night
  @ParameterizedTest
  @CsvSource({"390, light", "800, light", "800, dark", "1440, light", "1440, dark"})
  void noPageViolatesARuleForAccessibility(int width, String scheme) {
    requireAccessiblePages(width, scheme);
  }

  private void requireAccessiblePages(int width, String scheme) {
    run.change("/console/receiver/410");
    String id = run.sign(HOSTILE + width + scheme);
    page.awaitRow(HOSTILE + width + scheme, "failed").findElement(By.tagName("summary")).click();
    page.resize(width, 900);
    page.prefer(scheme);
    var axe = new Axe(page.driver());

    for (String view : new String[] {"jobs", "job", "inbox"}) {
      page.show(view.equals("job") ? "job/" + id : view);
      page.await(() -> assertThat(page.find("#" + view + "-view").isDisplayed()).isTrue());
      page.all("#" + view + "-view summary").stream().limit(1).forEach(WebElement::click);
      assertThat(axe.violations()).as(view).isEmpty();
      assertThat(page.scrollsHorizontally()).as(view).isFalse();
    }
  }
}
