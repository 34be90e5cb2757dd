package dev.signrelay.local.console;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The installed Chromium in headless mode, with a temporary profile. */
final class Browser implements AutoCloseable {

  static final String NEEDS_CHROMIUM = "requires chromium and chromedriver on the PATH";

  private static final List<String> ARGUMENTS =
      List.of(
          "--headless=new",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final Path profile;
  private final ChromeDriverService service;
  private final RemoteWebDriver driver;

  private Browser(Path profile, ChromeDriverService service, RemoteWebDriver driver) {
    this.profile = profile;
    this.service = service;
    this.driver = driver;
  }

  static boolean isInstalled() {
    boolean installed = program("chromium").isPresent() && program("chromedriver").isPresent();
    if (!installed) {
      System.out.println(
          "Skipping the browser tests. To run them: apt-get install chromium chromium-driver");
    }
    return installed;
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
    return new Browser(profile, service, new RemoteWebDriver(service.getUrl(), options, false));
  }

  RemoteWebDriver driver() {
    return driver;
  }

  void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
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
