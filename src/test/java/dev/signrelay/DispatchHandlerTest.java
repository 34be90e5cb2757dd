package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.SimulatedTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract with the schedule. {@code DispatchWorkflowTest} tests a run. */
final class DispatchHandlerTest {

  private final SimulatedTime time = new SimulatedTime();
  private final FakeServices fakes = new FakeServices(time);

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"dispatched\": 7}", "", "no JSON", "[null]", "\u0000"})
  void theEventDoesNotMatter(String event) {
    joinLine(12);

    assertThat(handle(event)).hasToString("{\"dispatched\":12}");

    assertThat(fakes.line.removed).hasSize(12);
  }

  /** Lambda then starts another process. */
  @Test
  void aProcessWhoseClockTheLimiterRefusesEndsAtItsNextInvocation() {
    handle("{}");
    assertThat(fakes.restarts).hasValue(0);

    fakes.limiter.refusesClock = true;
    handle("{}");

    assertThat(fakes.restarts).hasValue(1);
    assertThat(fakes.log).contains(FailureEvents.wrongClock());
  }

  @Test
  void theLastSecondIsReservedForTheLogEvent() {
    joinLine(1);
    fakes.upstream =
        _ -> fakes.after(Duration.ofMinutes(5), new SigningOutcome.Signed("signature"));
    Instant[] ended = {Instant.MIN};

    var _ =
        time.run(
            () -> {
              JsonNode result = function().invoke("{}");
              ended[0] = time.instant();
              return result;
            });

    assertThat(ended[0]).isEqualTo(FakeServices.START.plusSeconds(119));
    assertThat(fakes.log).extracting(LogEvent::name).contains("dispatch");
  }

  private void joinLine(int jobs) {
    IntStream.rangeClosed(1, jobs)
        .mapToObj(
            n ->
                NeedsSignature.first(
                    new Acceptance(
                        "id-" + n, URI.create("https://receiver.example/"), FakeServices.START),
                    "message"))
        .forEach(fakes.line::join);
  }

  private JsonNode handle(String event) {
    return time.run(() -> function().invoke(event));
  }

  private LambdaFunction function() {
    return new LambdaFunction(
        "DispatchFunction", new DispatchHandler(fakes.services()), Duration.ofSeconds(120), time);
  }
}
