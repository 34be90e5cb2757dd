package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.FakeServices;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract with the schedule. {@code DispatchWorkflowTest} tests a run. */
final class DispatchHandlerTest {

  /** More than any run takes, even on a busy machine. */
  private static final Duration TIMEOUT = Duration.ofHours(2);

  private final FakeServices fakes = new FakeServices();

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"dispatched\": 7}", "", "no JSON", "[null]", "\u0000"})
  void theEventDoesNotMatter(String event) {
    joinLine(12);

    assertThat(handle(event)).hasToString("{\"dispatched\":12}");

    assertThat(fakes.line.removed).hasSize(12);
    assertThat(fakes.log).hasSize(1);
  }

  @Test
  void anEmptyLineIsNoFailure() {
    assertThat(handle("{}")).hasToString("{\"dispatched\":0}");
  }

  /** The schedule invokes the function again in a minute. */
  @Test
  void aRunThatFailsDoesNotFailTheInvocation() {
    joinLine(3);
    fakes.limiter.isDown = true;

    assertThat(handle("{}")).hasToString("{\"dispatched\":0}");

    fakes.limiter.isDown = false;
    assertThat(handle("{}")).hasToString("{\"dispatched\":3}");
  }

  @Test
  void overlappingRunsShareTheWork() throws InterruptedException, ExecutionException {
    joinLine(2_000);
    List<FutureTask<Integer>> runs =
        IntStream.range(0, 3)
            .mapToObj(_ -> new FutureTask<>(() -> handle("{}").path("dispatched").intValue()))
            .toList();
    runs.forEach(run -> Thread.ofPlatform().start(run));

    int dispatched = 0;
    for (FutureTask<Integer> run : runs) {
      dispatched += run.get();
    }

    assertThat(dispatched).isEqualTo(2_000);
    assertThat(fakes.line.removed).hasSize(2_000).doesNotHaveDuplicates();
    assertThat(fakes.sent).extracting(sent -> sent.job().id()).doesNotHaveDuplicates();
    assertThat(fakes.log).hasSize(3);
  }

  @Test
  void theLastSecondIsReservedForTheLogEvent() {
    joinLine(3);

    assertThat(
            new LambdaFunction(
                    "DispatchFunction",
                    new DispatchHandler(fakes.services()),
                    Duration.ofSeconds(1))
                .invoke("{}"))
        .hasToString("{\"dispatched\":0}");
    assertThat(fakes.log).hasSize(1);
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
    return new LambdaFunction("DispatchFunction", new DispatchHandler(fakes.services()), TIMEOUT)
        .invoke(event);
  }
}
