package dev.signrelay;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static dev.signrelay.testing.HostileText.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RetryFunction reports on each record of any event, or fails the whole batch. */
public final class RetryHandlerFuzzTest {

  @Test
  void anyEventIsReportedOnOrFailsTheWholeBatch() {
    Fuzz.check(FUNCTION_CASES, RetryHandlerFuzzTest::event, RetryHandlerFuzzTest::check);
  }

  /** The event, in which no message is a job, is reported on or fails as a whole. */
  public static void check(String event) {
    if (event.contains("needs-")) {
      return; // the stage of a job
    }
    check(event, event.length() % 2 == 0);
  }

  private static void check(String event, boolean queueIsDown) {
    var fakes = new FakeServices();
    fakes.queueIsDown = queueIsDown;
    var function =
        new LambdaFunction(
            "RetryFunction", new RetryHandler(fakes.services()), Duration.ofSeconds(30));
    try {
      reportsWhatItLogged(fakes, function.invoke(event));
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessage("the event is not JSON");
      assertThat(fakes.log).isEmpty();
    }
  }

  /** None of the records is a job, so each is dead-lettered and logged. */
  private static void reportsWhatItLogged(FakeServices fakes, JsonNode report) {
    assertThat(report.size()).isEqualTo(1);
    JsonNode failures = report.path("batchItemFailures");
    assertThat(failures.isArray()).isTrue();
    assertThat(failures).allMatch(f -> f.size() == 1 && isTextOrNull(f.path("itemIdentifier")));
    assertThat(failures).hasSize(fakes.queueIsDown ? fakes.log.size() : 0);
    assertThat(fakes.log)
        .hasSize(fakes.queueIsDown ? failures.size() : fakes.deadMessages.size())
        .allMatch(line -> line.name().equals("malformed queue message"));
    LogAssertions.isOneLineEach(fakes.log);
  }

  /** Lambda takes null for a failure of the whole batch. A message of SQS always has an id. */
  private static boolean isTextOrNull(JsonNode id) {
    return id.isTextual() || id.isNull();
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
