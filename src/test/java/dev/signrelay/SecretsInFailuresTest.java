package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.signrelay.app.Config;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.json.Json;
import dev.signrelay.local.LocalContext;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.Canary;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.QueueBatch;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.time.SystemTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong where nobody thought of it does not quote what it went wrong with. */
final class SecretsInFailuresTest {

  private static final Canary CANARY = new Canary("SerinusUnexpected88");
  private static final Acceptance ACCEPTANCE =
      new Acceptance(
          "id-1", URI.create("https://receiver.example/?" + CANARY.core()), FakeServices.START);

  private final FakeServices fakes = new FakeServices();

  @Test
  void anUnexpectedFailureIsToldWithoutItsText() throws IOException {
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
    assertThat(told(answer)).isEmpty();
  }

  /** Its time, the limit, the limiter and the queue, one after the other. */
  @Test
  void whatKeepsAJobFromItsNextStepIsToldWithoutTheJob() {
    var job = new NeedsSignature(ACCEPTANCE, CANARY.core(), 1, null);
    QueueBatch.of(job.withNotBefore(FakeServices.START.plusSeconds(60))).failed(fakes);
    fakes.limiter.wait = Duration.ofSeconds(60);
    QueueBatch.of(job).failed(fakes);
    fakes.limiter.isDown = true;
    QueueBatch.of(job).failed(fakes);
    fakes.queueIsDown = true;
    fakes.receiver = _ -> FakeServices.undelivered("http-500", null);
    QueueBatch.of(job).failed(fakes);
    QueueBatch.of(new NeedsCallback(ACCEPTANCE, CANARY.core(), 1, null)).failed(fakes);

    assertThat(fakes.log)
        .extracting(LogEvent::name)
        .containsExactly(
            "waiting",
            "rate limited",
            "rate limiter unavailable",
            "rate limiter unavailable",
            "callback attempt");
    assertThat(told("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%s", "{%s", "{\"rawQueryString\":%s}", "[] %s", "{\"%1$s\":1}{\"%1$s\":2}"})
  void anEventThatIsNotJsonIsNotQuoted(String event) throws IOException {
    byte[] bytes = event.formatted(CANARY.core()).getBytes(StandardCharsets.UTF_8);

    assertThat(answer(event.formatted(CANARY.core()))).contains("\"statusCode\":503");
    var handler = new RetryHandler(fakes.services());
    var context = LocalContext.of("RetryFunction", Duration.ofSeconds(30), new SystemTime());
    var failure =
        catchThrowable(
            () ->
                handler.handleRequest(
                    new ByteArrayInputStream(bytes), new ByteArrayOutputStream(), context));

    assertThat(failure).isInstanceOf(IOException.class).hasMessage("the event is not JSON");
    assertThat(told(trace(failure))).isEmpty();
    LogAssertions.isOneLineEach(fakes.log);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%s\r\n", "\u0001%s", "https://user:%s@h.example/", "whsec_%s", "%s é", "-%s"})
  void noSettingThatIsWrongIsQuoted(String wrong) {
    var names = new HashMap<String, String>();
    catchThrowable(
        () ->
            Config.from(
                name -> {
                  names.put(name, wrong.formatted(CANARY.core()));
                  return names.get(name);
                }));

    assertThat(names).hasSizeGreaterThan(15);
    names.forEach(
        (name, value) -> {
          var environment = new HashMap<>(TestEnvironment.REQUIRED);
          environment.put(name, value);
          assertThat(told(trace(catchThrowable(() -> Config.from(environment::get))))).isEmpty();
        });
    assertThat(told(trace(catchThrowable(() -> Config.from(names::get))))).isEmpty();
  }

  @Test
  void theSettingsThemselvesDoNotTellTheirSecrets() {
    String secret = CANARY.core();
    Config config =
        fakes
            .with("CRYPTO_CLIENT_API_KEY", secret)
            .with("CLIENT_API_KEYS", secret)
            .with("CALLBACK_SIGNING_SECRET", "whsec_" + "QUJD".repeat(8))
            .services()
            .config();

    assertThat(told(config.toString() + config.clients().keys() + config.callback().secrets()))
        .isEmpty();
    assertThat(config.toString() + config.callback().secrets()).doesNotContain("QUJD", "ABC");
  }

  private String answer(String event) throws IOException {
    var answer = new ByteArrayOutputStream();
    new SignHandler(fakes.services())
        .handleRequest(
            new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, null);
    return answer.toString(StandardCharsets.UTF_8);
  }

  /** Where the canary is told: in the text, or in the log so far. */
  private List<String> told(String text) {
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
