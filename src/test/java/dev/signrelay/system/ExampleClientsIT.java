package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.Exchange;
import dev.signrelay.local.LocalServer;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.Program;
import dev.signrelay.testing.SilentSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The clients of {@code examples/}, as processes, get their signatures from scripted answers and
 * from the record of a real job.
 */
@ParameterizedClass
@EnumSource
@Timeout(120)
final class ExampleClientsIT {

  private static final String KEY = "0123456789abcdef";
  private static final String ID = "0e8bd0cd-5b0f-4a4f-9d5a-6f1f6a5fbb53";
  private static final String JOB = "/crypto/jobs/" + ID;
  private static final String MESSAGE = "grüße 🌍 \"quoted\\\n\t";
  private static final String SIGNATURE = "größe \"🔑\" \\u/\tMEQ";

  enum Language {
    JAVA(java(), "-XX:TieredStopAtLevel=1", "-Dstdout.encoding=UTF-8", "examples/Client.java"),
    JAVASCRIPT("node", "examples/client.mjs"),
    PYTHON("python3", "examples/client.py");

    private final List<String> command;

    Language(String... command) {
      this.command = List.of(command);
    }

    private static String java() {
      return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
  }

  /** An answer of the API. Status 0: the connection ends without one. */
  private record Answer(int status, Map<String, String> headers, String body) {}

  private record Request(String call, Map<String, String> headers, String body, Instant at) {}

  @Parameter Language language;

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private LocalServer api;
  private static LocalSystem system;

  /** The first call for a message fails, so that a job has a record to be read. */
  @BeforeAll
  static void startSystem() throws IOException {
    system =
        SilentSystem.start(
            Map.of("RETRY_BASE_DELAY_SECONDS", "1", "CLIENT_API_KEYS", KEY),
            (_, call) -> call == 1 ? new Fail(500) : new Sign(),
            0,
            null);
  }

  @AfterAll
  static void stopSystem() {
    system.close();
  }

  @BeforeEach
  void start() throws IOException {
    assumeThat(Program.isInstalled(language.command.getFirst()))
        .as("%s is installed", language)
        .isTrue();
    api = new LocalServer("127.0.0.1", 0, this::handle);
  }

  @AfterEach
  void stop() {
    if (api != null) {
      api.close();
    }
  }

  @Night
  @Test
  void aSignatureInTheResponseIsPrinted() throws Exception {
    answers.add(signed(SIGNATURE));

    assertThat(run()).isEqualTo(new Result(0, SIGNATURE));
    assertThat(requests).hasSize(1);
    assertThat(Json.read(requests.getFirst().body()))
        .isEqualTo(Json.object().put("message", MESSAGE).put("valid_for", 3_600));
    assertThat(requests.getFirst().headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("prefer", "respond-async")
        .containsEntry("authorization", "Bearer " + KEY);
  }

  @Night
  @Test
  void theRecordIsReadUntilTheJobIsOver() throws Exception {
    answers.add(
        new Answer(
            202,
            Map.of("Location", JOB, "Preference-Applied", "respond-async"),
            "{\"success\":true,\"data\":null}"));
    answers.add(job("waiting", "", 1));
    answers.add(failure(503, 1));
    answers.add(job("signing", ",\"last_outcome\":\"http-503\"", 2));
    answers.add(job("signed", ",\"signature\":" + Json.write(text(SIGNATURE)), 0));

    assertThat(run()).isEqualTo(new Result(0, SIGNATURE));

    assertThat(requests)
        .extracting(Request::call)
        .containsExactly("POST /crypto/sign", get(), get(), get(), get());
    assertThat(requests.get(1).headers())
        .containsEntry("authorization", "Bearer " + KEY)
        .doesNotContainKeys("idempotency-key", "prefer");
    assertThat(waitBefore(2)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(waitBefore(3)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(waitBefore(4)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Night
  @Test
  void aRequestIsRepeatedWithTheSameKey() throws Exception {
    answers.add(failure(0, 0));
    answers.add(failure(409, 1));
    answers.add(failure(503, 1));
    answers.add(signed("signature"));

    assertThat(run()).isEqualTo(new Result(0, "signature"));

    assertThat(requests).hasSize(4);
    assertThat(requests.stream().map(request -> request.headers().get("idempotency-key")))
        .allMatch(key -> key.matches("\"[0-9a-f-]{36}\""))
        .containsOnly(requests.getFirst().headers().get("idempotency-key"));
    assertThat(requests.stream().map(Request::body)).containsOnly(requests.getFirst().body());
    assertThat(waitBefore(2)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Night
  @Test
  void aFailureEndsWithAnErrorStatus() throws Exception {
    answers.add(new Answer(202, Map.of("Location", JOB), "{\"success\":true,\"data\":null}"));
    answers.add(job("expired", ",\"reason\":\"expired\"", 0));
    assertThat(run()).isEqualTo(new Result(1, ""));

    answers.add(failure(400, 0));
    assertThat(run()).isEqualTo(new Result(1, ""));
    assertThat(requests).hasSize(3);
  }

  @Test
  void aSignatureIsReadFromTheRecordOfARealJob() throws Exception {
    String message = MESSAGE + language;

    Result result = run(message, system.signUrl());

    assertThat(result.exitStatus()).isZero();
    assertThat(system.signer().verify(message, result.printed())).isTrue();
    // On a busy machine a call may take too long. It is repeated.
    assertThat(system.signer().calls(message)).isGreaterThanOrEqualTo(2);
  }

  private record Result(int exitStatus, String printed) {}

  private Result run() throws IOException, InterruptedException {
    return run(MESSAGE, URI.create(api.url() + "/crypto/sign"));
  }

  private Result run(String message, URI url) throws IOException, InterruptedException {
    var command = new ArrayList<>(language.command);
    command.addAll(List.of(message, url.toString()));
    var builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(Map.of("SIGNRELAY_KEY", KEY, "LC_ALL", "C.UTF-8"));
    Process client = builder.start();
    var printed = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(client.exitValue(), printed.stripTrailing());
  }

  private void handle(Exchange exchange) throws IOException {
    String body = new String(exchange.body(), StandardCharsets.UTF_8);
    Answer answer;
    synchronized (this) {
      requests.add(
          new Request(
              exchange.method() + " " + exchange.target(),
              exchange.headers(),
              body,
              Instant.now()));
      answer = answers.remove();
    }
    if (answer.status() == 0) {
      exchange.abort();
      return;
    }
    answer.headers().forEach(exchange::set);
    exchange.respond(answer.status(), "application/json", answer.body());
  }

  private Duration waitBefore(int request) {
    return Duration.between(requests.get(request - 1).at(), requests.get(request).at());
  }

  private static String get() {
    return "GET " + JOB;
  }

  private static JsonNode text(String text) {
    return Json.object().put("text", text).path("text");
  }

  private static Answer signed(String signature) {
    return new Answer(
        200,
        Map.of("X-Sign-Status", "signed"),
        Json.write(Json.object().put("success", true).put("data", signature)));
  }

  /**
   * @param retryAfter 0: absent
   */
  private static Answer job(String status, String members, int retryAfter) {
    String record =
        """
        {"success":true,"data":{"id":"%s","status":"%s"%s,"accepted_at":"2026-11-23T12:00:00Z",\
        "attempts":0,"deliveries":0}}"""
            .formatted(ID, status, members);
    return new Answer(200, retryAfter(retryAfter), record);
  }

  /**
   * @param status 0: the connection ends without a response
   * @param retryAfter 0: absent
   */
  private static Answer failure(int status, int retryAfter) {
    return new Answer(
        status, retryAfter(retryAfter), "{\"success\":false,\"data\":null,\"error\":\"why\"}");
  }

  private static Map<String, String> retryAfter(int seconds) {
    return seconds == 0 ? Map.of() : Map.of("Retry-After", "" + seconds);
  }
}
