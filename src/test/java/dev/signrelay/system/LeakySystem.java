package dev.signrelay.system;

import static dev.signrelay.system.Canaries.CLIENT_KEY;
import static dev.signrelay.system.Canaries.MESSAGE;
import static dev.signrelay.system.Canaries.QUERY;
import static dev.signrelay.system.Canaries.SIGNED;
import static dev.signrelay.system.Canaries.WRONG_KEY;
import static dev.signrelay.system.Canaries.base64;
import static dev.signrelay.system.Canaries.job;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.telemetry.JsonLines;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * A running system whose secrets are canaries, with an upstream and a receiver that fail in every
 * way and echo their requests; and all that it emits: log lines, responses, callbacks and dead
 * letters.
 */
final class LeakySystem implements AutoCloseable {

  private static final List<String> UPSTREAM =
      List.of(
          "200", "500", "503", "429", "401", "403", "302", "400", "404", "413", "414", "422",
          "html", "binary", "large", "empty", "hang", "drop", "babble", "short");
  private static final List<String> RECEIVER =
      List.of("204", "500", "410", "302", "429", "hang", "drop", "babble", "short", "large");

  final CapturedOutput captured = new CapturedOutput();
  private final RawServer upstream = RawServer.start(new EchoServer(SIGNED));
  final RawServer receiver = RawServer.start(new EchoServer("thanks"));
  private final RawServer withoutTls =
      RawServer.start(ConnectionHandlers.answersImmediately("no TLS here\r\n"));
  private final HttpClient http = HttpClient.newHttpClient();
  final List<HttpResponse<String>> answers = new ArrayList<>();
  private final LocalSystem system =
      new LocalSystem(
          new LocalSystem.Setup(
              "127.0.0.1",
              LocalSystem.Ports.ANY,
              Canaries.environment(upstream.url("")),
              (_, _) -> new UnreliableSigner.Answer.Sign(),
              0,
              // Longer than a batch takes on a busy machine: otherwise its jobs multiply.
              Duration.ofSeconds(4),
              Duration.ofSeconds(1)),
          new JsonLines(captured.functions(), new SystemTime(), "local"),
          _ -> {});
  private final Probe probe = new Probe(system);
  List<Message> deadLetters = List.of();

  LeakySystem() throws IOException {}

  /** Runs until every job has ended, then sends requests without the limiter and the queue. */
  void runEveryPath() throws Exception {
    Canaries.malformedMessages().forEach(probe::send);
    Canaries.malformedMessages().forEach(probe::sendToLine);
    int jobs = 0;
    for (String behaviour : RECEIVER) {
      probe.send(job("job-" + jobs++, receiver.url("/do-" + behaviour + "-?t=" + QUERY.core())));
    }
    for (String url :
        List.of(
            "http://127.0.0.1:1/?",
            "http://serinus.invalid/?",
            "http://" + QUERY.core() + ":p@127.0.0.1:1/?",
            withoutTls.tlsUrl("/?").toString())) {
      probe.send(job("job-" + jobs++, URI.create(url + QUERY.core())));
    }
    String unsigned =
        job("job-" + jobs++, receiver.url("/do-204-?t=" + QUERY.core()))
            .replace("needs-callback", "needs-signature");
    probe.send(unsigned);
    probe.sendToLine(unsigned);
    for (String behaviour : UPSTREAM) {
      sign("do-" + behaviour + "- alone " + MESSAGE.core(), null);
      sign("do-" + behaviour + "- later " + MESSAGE.core(), receiver.url("/do-204-").toString());
    }
    badRequests();
    wrongKeys();
    await("the end of all jobs").atMost(Duration.ofSeconds(180)).until(probe::isQuiet);
    deadLetters = probe.receiveDeadLetters();

    system.limits().close();
    // A process that remembers that jobs wait does not ask the limiter.
    await("a request that asks the limiter")
        .until(
            () -> {
              sign("do-200- unlimited " + MESSAGE.core(), null);
              return values("event").contains("rate limiter unavailable");
            });
    sign("do-200- unlimited " + MESSAGE.core(), receiver.url("/do-204-").toString());
    system.queues().close();
    sign("do-200- unqueued " + MESSAGE.core(), receiver.url("/do-204-").toString());
    assertThat(answers.getLast().statusCode()).isEqualTo(503);
  }

  private void badRequests() throws Exception {
    for (String query : Canaries.badQueries()) {
      assertThat(get(query, "x-api-key", CLIENT_KEY.core()).statusCode()).isEqualTo(400);
    }
  }

  private void wrongKeys() throws Exception {
    String query = "message=" + MESSAGE.core();
    get(query, "x-api-key", WRONG_KEY.core());
    get(query, "Authorization", "Bearer " + WRONG_KEY.core());
    get(query, "Authorization", "Basic " + base64("user:" + WRONG_KEY.core()));
    assertThat(get(query, "x-request-id", WRONG_KEY.core()).statusCode()).isEqualTo(401);
  }

  private void sign(String message, @Nullable String callbackUrl) throws Exception {
    String query = "message=" + encoded(message);
    get(
        callbackUrl == null
            ? query
            : query + "&callback_url=" + encoded(callbackUrl + "?t=" + QUERY.core()),
        "Authorization",
        "Bearer " + CLIENT_KEY.core());
  }

  private HttpResponse<String> get(String rawQuery, String header, String value) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(system.signUrl() + "?" + rawQuery))
                .header(header, value)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    answers.add(answer);
    return answer;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The values of a field in the functions' log. */
  Set<String> values(String field) {
    return captured.functionLines().stream()
        .map(line -> LogAssertions.json(line).path(field).asText())
        .collect(toSet());
  }

  /** The headers and bodies of all responses, without the bodies that contain a signature. */
  Stream<String> answersWithoutSignatures() {
    return answers.stream().flatMap(LeakySystem::withoutSignature);
  }

  private static Stream<String> withoutSignature(HttpResponse<String> answer) {
    boolean signed = answer.headers().firstValue("X-Sign-Status").orElse("").equals("signed");
    return Stream.of(answer.headers().map().toString(), signed ? "" : answer.body());
  }

  @Override
  public void close() throws IOException {
    system.close();
    upstream.close();
    receiver.close();
    withoutTls.close();
    captured.close();
  }
}
