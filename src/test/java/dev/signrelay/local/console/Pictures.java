package dev.signrelay.local.console;

import static org.awaitility.Awaitility.await;

import dev.signrelay.json.Json;
import dev.signrelay.local.TemplateQueues;
import dev.signrelay.local.UnreliableSigner.Answer;
import dev.signrelay.local.console.RecordedRun.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.openqa.selenium.OutputType;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Makes the pictures of the documentation, each in the light and the dark scheme, from two local
 * runs with fixed messages and failures. Takes three minutes.
 */
public final class Pictures implements AutoCloseable {

  private static final Path FOLDER = Path.of("docs/images");
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final int SECONDS = 120;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "4",
          "RETRY_MAX_ATTEMPTS", "3",
          "RETRY_GIVE_UP_AFTER_SECONDS", "0",
          "CALLBACK_MAX_DELAY_SECONDS", "4",
          "CALLBACK_MAX_ATTEMPTS", "5",
          "CALLBACK_GIVE_UP_AFTER_SECONDS", "0");

  private final Browser browser;

  private Pictures(Browser browser) {
    this.browser = browser;
  }

  public static void main(String[] args) throws Exception {
    Files.createDirectories(FOLDER);
    try (var pictures = new Pictures(Browser.start())) {
      pictures.consoleAndJob();
      pictures.dashboard();
    }
    System.exit(0); // the servers' threads
  }

  private void consoleAndJob() throws IOException {
    try (RecordedRun run = RecordedRun.start(settings(10), Pictures::answer)) {
      var callbacks = new AtomicInteger();
      run.sign("contract 17, signed copy");
      awaitEvent(run, "dead-letter");
      run.system().inbox().answerWith(_ -> callbacks.incrementAndGet() <= 2 ? 500 : 204);
      Request receipt = run.sign("receipt 8801");
      awaitEvent(run, "complete");
      for (int i = 41; i <= 46; i++) {
        run.sign("invoice 2026-00" + i);
      }
      Page page = new Page(browser.driver(), run.url("/"));
      browser.frame(1280, 1460);
      page.driver().get(page.url().toString());
      page.await(() -> page.text("body").contains("invoice 2026-0046"));
      page.driver()
          .executeScript(
              """
              for (const details of document.querySelectorAll("details")) {
                details.open = details.open || details.textContent.includes("receipt 8801");
              }
              """);
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true); // animations
      save("console");
      page.driver().get(run.url("/#job/" + receipt.id()).toString());
      page.await(() -> page.text("body").contains("webhook-signature"));
      save("job-page");

      draw(
          "job.html",
          "draw(JSON.parse(arguments[0]), arguments[1])",
          Json.write(Json.tree(Map.of("steps", LifeOfAJob.steps(run, receipt))).path("steps")),
          "A job of a local run: the upstream and the receiver fail at first. Times from its log.");
      save("job");
    }
  }

  private void dashboard() throws Exception {
    Instant start = Instant.now();
    var dashboard = new Dashboard(start, PERIOD);
    try (RecordedRun run = RecordedRun.start(settings(60), Pictures::answer);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int second = 0; second < SECONDS; second++) {
        int requests = second >= 80 || second % 3 == 0 ? 0 : second >= 30 && second < 42 ? 2 : 1;
        for (int i = 0; i < requests; i++) {
          String message = "invoice %d-%d".formatted(second, i);
          clients.execute(() -> run.sign(message));
        }
        int status = second >= 15 && second < 25 ? 500 : 204;
        run.system().inbox().answerWith(_ -> status);
        measureQueues(run, dashboard);
        Instant next = start.plusSeconds(second + 1L);
        await().pollInterval(Duration.ofMillis(50)).until(() -> Instant.now().isAfter(next));
      }
      dashboard.add(run);
    }
    draw(
        "dashboard.html",
        "draw(JSON.parse(arguments[0]), arguments[2], arguments[1])",
        Json.write(dashboard.widgets()),
        """
        A mock-up, drawn from the template's widgets with the values of a local run of %d s. \
        A point stands for %d s; in CloudWatch, for 5 minutes."""
            .formatted(SECONDS, PERIOD.toSeconds()),
        SECONDS);
    save("dashboard");
  }

  /** Half of the messages fail at first, and some are signed too late for the response. */
  private static Answer answer(String message, int call) {
    int kind = Math.floorMod(message.hashCode(), 10);
    return switch (message) {
      case "contract 17, signed copy" -> new Answer.Fail(503);
      case "receipt 8801" -> call == 1 ? new Answer.Fail(500) : signAfter(900);
      case String _ when kind == 0 -> new Answer.Fail(503);
      case String _ when kind <= 3 && call <= kind -> new Answer.Fail(500);
      case String _ when kind <= 5 -> signAfter(1_800);
      case String _ -> signAfter(40 * kind);
    };
  }

  private static Answer signAfter(int millis) {
    return new Answer.SignAfter(Duration.ofMillis(millis));
  }

  private static Map<String, String> settings(int callsPerMinute) {
    var settings = new HashMap<>(SETTINGS);
    settings.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Integer.toString(callsPerMinute));
    return settings;
  }

  private static void awaitEvent(RecordedRun run, String decision) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> run.events().stream().anyMatch(e -> e.field("decision").equals(decision)));
  }

  private static void measureQueues(RecordedRun run, Dashboard dashboard) {
    TemplateQueues queues = run.system().queues().queues();
    SqsClient sqs = run.system().queues().client();
    Map.of(
            "RetryQueue", queues.retryQueueUrl(),
            "CallbackQueue", queues.callbackQueueUrl(),
            "LineQueue", queues.lineQueueUrl(),
            "DeadLetterQueue", queues.deadLetterQueueUrl())
        .forEach(
            (queue, url) -> {
              Map<QueueAttributeName, Integer> counts = TemplateQueues.counts(sqs, url);
              counts.forEach(
                  (name, count) ->
                      dashboard.add(metric(name), queue + ".QueueName", Instant.now(), count));
            });
  }

  /** CloudWatch's name of what SQS has as an attribute. */
  private static String metric(QueueAttributeName name) {
    return switch (name) {
      case APPROXIMATE_NUMBER_OF_MESSAGES -> "ApproximateNumberOfMessagesVisible";
      default -> name.toString();
    };
  }

  private void draw(String page, String script, Object... arguments) {
    browser.driver().get(Pictures.class.getResource(page).toString());
    browser.driver().executeScript(script, arguments);
    var size =
        (List<?>)
            browser
                .driver()
                .executeScript(
                    "return [document.body.offsetWidth, Math.ceil(document.body.offsetHeight)]");
    browser.frame(((Number) size.get(0)).intValue(), ((Number) size.get(1)).intValue());
  }

  private void save(String name) throws IOException {
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      byte[] png = browser.driver().getScreenshotAs(OutputType.BYTES);
      write(png, FOLDER.resolve("%s-%s.png".formatted(name, scheme)));
    }
  }

  /** Chromium compresses for speed. */
  private static void write(byte[] png, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam smallest = writer.getDefaultWriteParam();
    smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    smallest.setCompressionQuality(0);
    Files.deleteIfExists(file);
    try (var out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(
          null, new IIOImage(ImageIO.read(new ByteArrayInputStream(png)), null, null), smallest);
    }
    System.out.printf("%s: %,d bytes%n", file, Files.size(file));
  }

  @Override
  public void close() throws IOException {
    browser.close();
  }
}
