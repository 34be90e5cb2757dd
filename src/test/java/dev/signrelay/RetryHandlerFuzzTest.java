package dev.signrelay;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static dev.signrelay.testing.HostileText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.hostile.Written;
import dev.signrelay.local.LocalContext;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.SeededInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** RetryFunction reports on each record of any event, or fails the whole batch. */
final class RetryHandlerFuzzTest {

  @Test
  void anyEventIsReportedOnOrFailsTheWholeBatch() {
    Fuzz.check(FUNCTION_CASES, RetryHandlerFuzzTest::event, RetryHandlerFuzzTest::check);
  }

  private static void check(String event) {
    var services = new Parts();
    var handler = new RetryHandler(services.wiring());
    var context = LocalContext.of("RetryFunction", Duration.ofSeconds(30), InstantSource.system());
    var answer = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(event.getBytes(UTF_8)), answer, context);
      reportsWhatItLogged(services, Written.json(answer.toString(UTF_8)));
    } catch (IOException e) {
      assertThat(e).hasMessage("the event is not JSON");
      assertThat(answer.size()).isZero();
    }
  }

  /** None of the records is a job, so each fails and is logged. */
  private static void reportsWhatItLogged(Parts services, JsonNode report) {
    assertThat(report.size()).isEqualTo(1);
    JsonNode failures = report.path("batchItemFailures");
    assertThat(failures.isArray()).isTrue();
    assertThat(failures).allMatch(f -> f.size() == 1 && f.path("itemIdentifier").isTextual());
    assertThat(services.log)
        .hasSameSizeAs(failures)
        .allMatch(line -> line.name().equals("malformed queue message"));
    Written.isOneLineEach(services.log);
  }

  private static String event(SeededInput in) {
    return in.oneMadeBy(
        () -> batch(in),
        () -> HostileText.damaged(in, batch(in)),
        () -> value(in),
        () -> HostileText.any(in));
  }

  private static String batch(SeededInput in) {
    return "{\"Records\":%s}"
        .formatted(
            in.oneMadeBy(() -> message(in), () -> in.list(3, () -> message(in)), () -> value(in)));
  }

  private static String message(SeededInput in) {
    return "{\"messageId\":%s,\"body\":%s}".formatted(value(in), value(in));
  }

  private static String value(SeededInput in) {
    return in.oneMadeBy(
        () -> quoted(HostileText.any(in)),
        () -> in.oneOf("null", "1", "9e999", "true", "[]", "{}", "\"{}\"", "[[1]]"));
  }
}
