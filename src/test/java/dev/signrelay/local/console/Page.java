package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The console's page in a browser. */
record Page(RemoteWebDriver driver, URI url) {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Each look at the page takes processor time. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  private static final String FIND_ROW =
      """
      const says = (row, selector, text) => row.querySelector(selector).textContent === text;
      return [...document.querySelectorAll(".job")].find(
          (row) => says(row, ".message", arguments[0]) && says(row, "summary .badge", arguments[1]));
      """;

  private static final String TEXTS =
      """
      return [...document.querySelectorAll(arguments[0])].map(
          (element) => element.checkVisibility() ? element.innerText.trim() : "");
      """;

  /** Opens the page and waits until it has received the metrics. */
  void open() {
    driver.get(url.toString());
    await(() -> assertThat(text("#connection")).isEqualTo("Live"));
    await(() -> assertThat(value("#callback-url")).isNotEmpty());
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** The text of the first element as it is displayed; empty if it is hidden. */
  String text(String selector) {
    return texts(selector).getFirst();
  }

  /** The text of each element. A single script, because each WebDriver call takes time. */
  @SuppressWarnings("unchecked")
  private List<String> texts(String selector) {
    return (List<String>) Objects.requireNonNull(driver.executeScript(TEXTS, selector));
  }

  String value(String selector) {
    return find(selector).getDomProperty("value");
  }

  void type(String selector, String text) {
    find(selector).clear();
    find(selector).sendKeys(text);
  }

  /** Selects an option and waits until the server has confirmed it. */
  void select(String name, String to) {
    find("#%s input[value='%s'] + span".formatted(name, to)).click();
    await(() -> assertThat(find("#" + name).getDomAttribute("data-shown")).isEqualTo(to));
  }

  /** The selected option, as displayed by the page. */
  String selected(String name) {
    return value("#" + name + " input:checked");
  }

  void send(String message) {
    type("#message", message);
    find("#send .primary").click();
  }

  /** Waits until the newest job with this message has this state, and returns its row. */
  WebElement awaitRow(String message, String state) {
    return Awaitility.await("%s: %s".formatted(message, state))
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL_INTERVAL)
        .ignoreExceptionsMatching(Page::isTransient)
        .until(() -> row(message, state), Optional::isPresent)
        .orElseThrow();
  }

  /** Finds the row with a single script, because each WebDriver call takes time. */
  private Optional<WebElement> row(String message, String state) {
    return Optional.ofNullable((WebElement) driver.executeScript(FIND_ROW, message, state));
  }

  /** Displays another view of the page, like a click on a link to it. */
  void show(String address) {
    driver.executeScript("location.hash = arguments[0]", address);
  }

  /** The messages of the rows that are displayed, the newest first. */
  List<String> messages() {
    return texts("#job-list .message");
  }

  /** Whether the page scrolls horizontally. */
  boolean scrollsHorizontally() {
    return (Boolean)
        driver.executeScript("return document.documentElement.scrollWidth > innerWidth");
  }

  /** Retries while elements are missing or have been replaced. */
  void await(ThrowingRunnable expectation) {
    Awaitility.await("the page")
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL_INTERVAL)
        .ignoreExceptionsMatching(Page::isTransient)
        .untilAsserted(expectation);
  }

  /** Elements are missing, or have been replaced. */
  private static boolean isTransient(Throwable failure) {
    return failure instanceof WebDriverException || failure instanceof NoSuchElementException;
  }
}
