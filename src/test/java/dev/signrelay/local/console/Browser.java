package dev.signrelay.local.console;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.Dimension;
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

/** The installed Chromium in headless mode, with a temporary profile. */
final class Browser implements AutoCloseable {

  static final String NEEDS_CHROMIUM =
      "requires chromium and chromedriver on the PATH: apt-get install chromium chromium-driver";

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

  private final Path profile;
  private final ChromeDriverService service;
  private final RemoteWebDriver driver;

  private Browser(Path profile, ChromeDriverService service, RemoteWebDriver driver) {
    this.profile = profile;
    this.service = service;
    this.driver = driver;
  }

  static boolean isInstalled() {
    return program("chromium").isPresent() && program("chromedriver").isPresent();
  }

  /**
   * @param arguments further command-line arguments of Chromium
   */
  static Browser start(String... arguments) throws IOException {
    Path profile = Files.createTempDirectory("signrelay-browser");
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
    File chromedriver = program("chromedriver").orElseThrow().toFile();
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver)
            .usingAnyFreePort()
            .build();
    service.start();
    var executor =
        new HttpCommandExecutor(
            HttpClient.Factory.createDefault().createClient(service.getUrl()),
            Map.of(DEVTOOLS, DEVTOOLS_COMMAND),
            service.getUrl());
    return new Browser(profile, service, new RemoteWebDriver(executor, options));
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

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
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
