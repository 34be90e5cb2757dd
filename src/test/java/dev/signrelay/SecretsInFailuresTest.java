package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.signrelay.app.Config;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.Canary;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.QueueBatch;
import dev.signrelay.testing.TestEnvironment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unexpected exceptions do not leak secrets. */
final class SecretsInFailuresTest {

  private static final Canary CANARY = new Canary("SerinusUnexpected88");
  private static final Acceptance ACCEPTANCE =
      new Acceptance(
          "id-1", URI.create("https://receiver.example/?" + CANARY.core()), FakeServices.START);

  private final FakeServices fakes = new FakeServices();

  @Test
  void anUnexpectedExceptionIsReportedWithoutItsMessage() {
    fakes.upstream = message -> fail(message);
    fakes.receiver = delivery -> fail(delivery.toString());

    String answer = answer("{\"rawQueryString\":\"message=" + CANARY.core() + "\"}");
    List<String> failed =
        QueueBatch.of(
                new NeedsSignature(ACCEPTANCE, CANARY.core(), 1, null),
                new NeedsCallback(ACCEPTANCE, CANARY.core(), 1, null))
            .failed(fakes);

    assertThat(answer).contains("\"statusCode\":503");
    assertThat(failed).hasSize(2);
    assertThat(fakes.log).hasSize(3).allMatch(line -> line.name().equals("unexpected failure"));
    assertThat(findings(answer)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%s", "{%s", "{\"rawQueryString\":%s}", "[] %s", "{\"%1$s\":1}{\"%1$s\":2}"})
  void anEventThatIsNotJsonIsNotQuoted(String event) {
    String text = event.formatted(CANARY.core());

    assertThat(answer(text)).contains("\"statusCode\":503");
    var failure =
        catchThrowable(
            () ->
                new LambdaFunction(
                        "RetryFunction", new RetryHandler(fakes.services()), Duration.ofSeconds(30))
                    .invoke(text));

    assertThat(failure).hasMessage("the event is not JSON");
    assertThat(findings(trace(failure))).isEmpty();
    LogAssertions.isOneLineEach(fakes.log);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%s\r\n", "\u0001%s", "https://user:%s@h.example/", "whsec_%s", "%s é", "-%s"})
  void anInvalidSettingIsNotQuoted(String format) {
    String invalid = format.formatted(CANARY.core());

    assertThat(Config.settings())
        .allSatisfy(
            setting -> {
              var environment = new HashMap<>(TestEnvironment.REQUIRED);
              environment.put(setting.name(), invalid);
              assertThat(findings(errors(environment::get))).isEmpty();
            });
    assertThat(errors(_ -> invalid)).isNotEmpty();
    assertThat(findings(errors(_ -> invalid))).isEmpty();
  }

  /** The stack trace of the exception, with its message; empty if the configuration is valid. */
  private static String errors(UnaryOperator<String> environment) {
    return trace(catchThrowable(() -> Config.from(environment)));
  }

  private String answer(String event) {
    return new LambdaFunction(
            "SignFunction", new SignHandler(fakes.services()), Duration.ofSeconds(5))
        .invoke(event)
        .toString();
  }

  /** The occurrences of the canary in the text and in the log. */
  private List<String> findings(String text) {
    return Canary.in(
        List.of(CANARY),
        Stream.concat(
            Stream.of(text), fakes.log.stream().map(line -> Json.writeAscii(line.fields()))));
  }

  private static String trace(Throwable failure) {
    var text = new StringWriter();
    if (failure != null) {
      failure.printStackTrace(new PrintWriter(text));
    }
    return text.toString();
  }

  private static <T> T fail(String text) {
    throw new IllegalStateException(text, new IllegalArgumentException(text));
  }
}
