package dev.signrelay.local.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.openqa.selenium.remote.RemoteWebDriver;

/**
 * axe-core: finds violations of WCAG and of good practice that a program can find, such as text
 * with too little contrast or a field without a name. Examines the page as it is displayed.
 *
 * @see <a href="https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md">Its
 *     rules</a>
 */
record Axe(RemoteWebDriver driver) {

  private static final String SOURCE = source();

  /** For a long page on a busy machine. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final String RUN =
      """
      const done = arguments[0];
      const describe = (rule) => rule.nodes.map((node) =>
          `${rule.id}: ${node.target.join(" ")}\n${node.html}\n${node.failureSummary}`);
      axe.run(document, { resultTypes: ["violations"] }).then(
          (results) => done(results.violations.flatMap(describe)), (e) => done(["" + e]));
      """;

  /** One text for each element that violates a rule. Empty: no violations. */
  @SuppressWarnings("unchecked")
  List<String> violations() {
    driver.manage().timeouts().scriptTimeout(TIMEOUT);
    driver.executeScript(SOURCE);
    return (List<String>) Objects.requireNonNull(driver.executeAsyncScript(RUN));
  }

  private static String source() {
    try (InputStream file = Axe.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
