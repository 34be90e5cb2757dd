package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.Command;
import org.openqa.selenium.remote.CommandInfo;
import org.openqa.selenium.remote.HttpCommandExecutor;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.openqa.selenium.remote.http.HttpClient;
import org.openqa.selenium.remote.http.HttpMethod;

/** A page in the installed Chromium, which has no window and a temporary profile. */
final class Page implements AutoCloseable {

  static final String NEEDS_CHROMIUM =
      "requires chromium and chromedriver on the PATH: apt-get install chromium chromium-driver";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Each look at the page takes processor time. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  private static final List<String> ARGUMENTS =
      List.of(
          "--headless=new",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  /** A command of the DevTools protocol, which WebDriver's standard does not have. */
  private static final String DEVTOOLS = "devTools";

  private static final CommandInfo DEVTOOLS_COMMAND =
      new CommandInfo("/session/:sessionId/goog/cdp/execute", HttpMethod.POST);

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

  private final Path profile = Files.createTempDirectory("signrelay-browser");
  private final ChromeDriverService service;
  private final RemoteWebDriver driver;

  /**
   * @param arguments further command-line arguments of Chromium
   */
  Page(String... arguments) throws IOException {
    var options = new ChromeOptions();
    options.setBinary(program("chromium").orElseThrow().toFile());
    options.addArguments(ARGUMENTS);
    options.addArguments(arguments);
    options.addArguments("--user-data-dir=" + profile);
    if (System.getProperty("user.name").equals("root")) {
      options.addArguments("--no-sandbox"); // the sandbox does not support root
    }
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(program("chromedriver").orElseThrow().toFile())
            .usingAnyFreePort()
            .build();
    service.start();
    var executor =
        new HttpCommandExecutor(
            HttpClient.Factory.createDefault().createClient(service.getUrl()),
            Map.of(DEVTOOLS, DEVTOOLS_COMMAND),
            service.getUrl());
    driver = new RemoteWebDriver(executor, options);
  }

  /** Whether the programs that a page needs are installed. */
  static boolean canOpen() {
    return program("chromium").isPresent() && program("chromedriver").isPresent();
  }

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  RemoteWebDriver driver() {
    return driver;
  }

  void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /**
   * Sets the user's colour scheme, as pages see it.
   *
   * @param scheme {@code light} or {@code dark}
   */
  void prefer(String scheme) {
    devTools(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Sets the size of the page, and hides the scrollbars. */
  void frame(int width, int height) {
    devTools("Emulation.setScrollbarsHidden", Map.of("hidden", true));
    devTools(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  private void devTools(String command, Map<String, ?> parameters) {
    var values = Map.of("cmd", command, "params", parameters);
    try {
      driver.getCommandExecutor().execute(new Command(driver.getSessionId(), DEVTOOLS, values));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The browser's log entries since the last call. */
  List<LogEntry> newLogEntries() {
    return driver.manage().logs().get(LogType.BROWSER).getAll();
  }

  /** Opens the console and waits until it has received the metrics. */
  void openConsole(URI url) {
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

  /** Selects an option of the console and waits until the server has confirmed it. */
  void select(String name, String to) {
    find("#%s input[value='%s'] + span".formatted(name, to)).click();
    await(() -> assertThat(find("#" + name).getDomAttribute("data-shown")).isEqualTo(to));
  }

  void send(String message) {
    type("#message", message);
    find("#send .primary").click();
  }

  /** Waits until the newest job with this message has this state, and returns its row. */
  WebElement awaitRow(String message, String state) {
    return waiting("%s: %s".formatted(message, state))
        .until(() -> row(message, state), Optional::isPresent)
        .orElseThrow();
  }

  /** Finds the row with a single script, because each WebDriver call takes time. */
  private Optional<WebElement> row(String message, String state) {
    return Optional.ofNullable((WebElement) driver.executeScript(FIND_ROW, message, state));
  }

  /** Displays another view of the console, like a click on a link to it. */
  void show(String address) {
    driver.executeScript("location.hash = arguments[0]", address);
  }

  /** The messages of the rows that are displayed, the newest first. */
  List<String> messages() {
    return texts("#job-list .message");
  }

  boolean scrollsHorizontally() {
    return (Boolean)
        driver.executeScript("return document.documentElement.scrollWidth > innerWidth");
  }

  void await(ThrowingRunnable expectation) {
    waiting("the page").untilAsserted(expectation);
  }

  /** Ignores that elements are missing or have been replaced. */
  private static ConditionFactory waiting(String what) {
    return Awaitility.await(what)
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL_INTERVAL)
        .ignoreExceptionsMatching(
            e -> e instanceof WebDriverException || e instanceof NoSuchElementException);
  }

  @Override
  public void close() throws IOException {
    driver.quit();
    service.stop();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
