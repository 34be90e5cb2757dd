package dev.signrelay;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static dev.signrelay.testing.HostileText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.LocalContext;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.SeededInput;
import dev.signrelay.time.SystemTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RetryFunction reports on each record of any event, or fails the whole batch. */
final class RetryHandlerFuzzTest {

  @Test
  void anyEventIsReportedOnOrFailsTheWholeBatch() {
    Fuzz.check(FUNCTION_CASES, RetryHandlerFuzzTest::event, RetryHandlerFuzzTest::check);
  }

  private static void check(String event) {
    var fakes = new FakeServices();
    var handler = new RetryHandler(fakes.services());
    var context = LocalContext.of("RetryFunction", Duration.ofSeconds(30), new SystemTime());
    var answer = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(event.getBytes(UTF_8)), answer, context);
      reportsWhatItLogged(fakes, LogAssertions.json(answer.toString(UTF_8)));
    } catch (IOException e) {
      assertThat(e).hasMessage("the event is not JSON");
      assertThat(answer.size()).isZero();
    }
  }

  /** None of the records is a job, so each fails and is logged. */
  private static void reportsWhatItLogged(FakeServices fakes, JsonNode report) {
    assertThat(report.size()).isEqualTo(1);
    JsonNode failures = report.path("batchItemFailures");
    assertThat(failures.isArray()).isTrue();
    assertThat(failures).allMatch(f -> f.size() == 1 && f.path("itemIdentifier").isTextual());
    assertThat(fakes.log)
        .hasSameSizeAs(failures)
        .allMatch(line -> line.name().equals("malformed queue message"));
    LogAssertions.isOneLineEach(fakes.log);
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
