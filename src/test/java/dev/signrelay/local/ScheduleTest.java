package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.io.StringReader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScheduleTest {

  private final AtomicInteger runs = new AtomicInteger();
  private final LambdaFunction function =
      new LambdaFunction(
          "Function",
          new RequestHandler<ScheduledEvent, Map<String, Integer>>() {
            @Override
            public Map<String, Integer> handleRequest(ScheduledEvent event, Context context) {
              return Map.of("runs", runs.incrementAndGet());
            }
          },
          Duration.ofSeconds(5));

  @Test
  void theFunctionRunsAgainAndAgain() {
    try (var _ = new Schedule(function, Duration.ZERO, Duration.ofMillis(1))) {
      await().until(() -> runs.get() >= 3);
    }
  }

  @ParameterizedTest
  @CsvSource({"rate(1 minute), 1", "rate(5 minutes), 5"})
  void theIntervalIsThatOfTheTemplate(String expression, long minutes) {
    assertThat(Schedule.interval(template(expression), "Function")).hasMinutes(minutes);
  }

  @Test
  void aScheduleWithoutARateIsReported() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.interval(template("cron(0 12 * * ? *)"), "Function"))
        .withMessageContaining("cron");
  }

  private static Template template(String expression) {
    return Template.parse(
        new StringReader(
            """
            Resources:
              Function:
                Properties:
                  Events:
                    Tick: { Type: ScheduleV2, Properties: { ScheduleExpression: "%s" } }
            """
                .formatted(expression)));
  }
}
