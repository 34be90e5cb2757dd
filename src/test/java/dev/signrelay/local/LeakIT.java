package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.hostile.Canary;
import dev.signrelay.hostile.Written;
import dev.signrelay.http.RawServer;
import dev.signrelay.http.RecordedRequest;
import dev.signrelay.json.Json;
import dev.signrelay.log.JsonLines;
import dev.signrelay.log.MessageHash;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Every secret is a canary, everything fails in every way, and nobody hears of a canary who is not
 * meant to: the signing API its key and the message, the receiver the URL and the signature.
 */
@Timeout(180)
final class LeakIT {

  private static final Canary KEY = new Canary("SerinusUpstreamKey11");
  private static final Canary CLIENT_KEY = new Canary("SerinusClientKey22");
  private static final Canary WRONG_KEY = new Canary("SerinusWrongKey33");
  private static final Canary MESSAGE = new Canary("SerinusMessage44");
  private static final Canary SIGNATURE = new Canary("SerinusSignature55");
  private static final Canary QUERY = new Canary("SerinusQuery66");
  private static final Canary SECRET = new Canary("SerinusSecret77");
  private static final List<Canary> ALL =
      List.of(KEY, CLIENT_KEY, WRONG_KEY, MESSAGE, SIGNATURE, QUERY, SECRET);

  /** Each may be used alone by whoever looks for it in an answer of 200 or a callback. */
  private static final List<Canary> KEYS = List.of(KEY, CLIENT_KEY, WRONG_KEY, SECRET);

  private static final String SIGNED = "line\r\nX-Forged: 1\r\n\r\n\"" + SIGNATURE.core();
  private static final List<String> UPSTREAM =
      List.of(
          "200", "500", "503", "429", "401", "403", "302", "400", "404", "413", "414", "422",
          "html", "binary", "large", "empty", "hang", "drop", "babble", "short");
  private static final List<String> RECEIVER =
      List.of("204", "500", "410", "302", "429", "hang", "drop", "babble", "short", "large");

  private final Overheard overheard = new Overheard();
  private final RawServer upstream = RawServer.start(new Gossip(SIGNED));
  private final RawServer receiver = RawServer.start(new Gossip("thanks"));
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<HttpResponse<String>> answers = new ArrayList<>();
  private final LocalSystem system =
      new LocalSystem(
          new LocalSystem.Setup(
              "127.0.0.1",
              LocalSystem.Ports.ANY,
              Map.ofEntries(
                  Map.entry("CRYPTO_CLIENT_BASE_URL", upstream.url("").toString()),
                  Map.entry("CRYPTO_CLIENT_API_KEY", "Bearer \"%" + KEY.core() + "\\"),
                  Map.entry("CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.3"),
                  Map.entry("CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "0.3"),
                  Map.entry("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "1000"),
                  Map.entry("CLIENT_API_KEYS", CLIENT_KEY.core()),
                  Map.entry(
                      "CALLBACK_SIGNING_SECRET", "whsec_" + base64("0123456789" + SECRET.core())),
                  Map.entry("CALLBACK_TIMEOUT_SECONDS", "0.3"),
                  Map.entry("CALLBACK_MAX_ATTEMPTS", "2"),
                  Map.entry("RETRY_BASE_DELAY_SECONDS", "1"),
                  Map.entry("RETRY_MAX_DELAY_SECONDS", "1"),
                  Map.entry("RETRY_MAX_ATTEMPTS", "2")),
              (_, _) -> new UnreliableSigner.Answer.Sign(),
              0,
              Duration.ofSeconds(2)),
          new JsonLines(overheard.functions(), InstantSource.system()),
          _ -> {});
  private final Probe probe = new Probe(system);

  LeakIT() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    system.close();
    upstream.close();
    receiver.close();
    overheard.close();
  }

  @Test
  void noSecretIsToldOnAnyPath() throws Exception {
    for (String wish : UPSTREAM) {
      sign("do-" + wish + "- alone " + MESSAGE.core(), null);
      sign("do-" + wish + "- later " + MESSAGE.core(), receiver.url("/do-204-").toString());
    }
    int jobs = 0;
    for (String wish : RECEIVER) {
      probe.send(job("job-" + jobs++, receiver.url("/do-" + wish + "-?t=" + QUERY.core())));
    }
    for (String url :
        List.of("http://127.0.0.1:1/?", "http://serinus.invalid/?", "http://u:p@127.0.0.1:1/?")) {
      probe.send(job("job-" + jobs++, URI.create(url + QUERY.core())));
    }
    probe.send(
        job("job-" + jobs++, receiver.url("/do-204-?t=" + QUERY.core()))
            .replace("needs-callback", "needs-signature"));
    malformedMessages().forEach(probe::send);
    badRequests();
    wrongKeys();
    await().atMost(Duration.ofSeconds(90)).until(this::isQuiet);
    List<Message> dead = allDeadLetters();

    system.limits().close();
    sign("do-200- unlimited " + MESSAGE.core(), null);
    sign("do-200- unlimited " + MESSAGE.core(), receiver.url("/do-204-").toString());
    system.queues().close();
    sign("do-200- unqueued " + MESSAGE.core(), receiver.url("/do-204-").toString());
    assertThat(answers.getLast().statusCode()).isEqualTo(503);

    assertThat(Canary.in(ALL, overheard.everything())).isEmpty();
    assertThat(Canary.in(ALL, answers.stream().flatMap(LeakIT::told))).isEmpty();
    assertThat(Canary.in(KEYS, answers.stream().map(HttpResponse::body))).isEmpty();
    assertThat(Canary.in(ALL, dead.stream().map(m -> m.messageAttributes().toString()))).isEmpty();
    assertThat(Canary.in(KEYS, dead.stream().map(Message::body))).isEmpty();
    callbacksSayNothingElse();
    everyPathWasTaken(dead);
    theLinesSayWhatTheyAreFor();
  }

  /** No library can be made to say more: where they log to leads nowhere at every level. */
  @Test
  void librariesHaveNowhereToLogTo() {
    assertThat(LoggerFactory.getLogger("org.apache.hc.client5.http.wire").isErrorEnabled())
        .isFalse();
    assertThat(LoggerFactory.getLogger("software.amazon.awssdk.request").isErrorEnabled())
        .isFalse();
  }

  private void callbacksSayNothingElse() {
    assertThat(receiver.requests())
        .isNotEmpty()
        .allSatisfy(
            request -> {
              String headers = request.head().substring(request.head().indexOf('\n'));
              assertThat(Canary.in(ALL, Stream.of(headers))).isEmpty();
              assertThat(Canary.in(KEYS, Stream.of(body(request)))).isEmpty();
              assertThat(request.headerNames())
                  .contains("webhook-id", "webhook-signature")
                  .doesNotContain("x-forged");
              assertThat(Written.json(body(request)).path("data").textValue()).isEqualTo(SIGNED);
            });
  }

  private void everyPathWasTaken(List<Message> dead) {
    assertThat(values("event"))
        .contains(
            "signing attempt",
            "callback attempt",
            "request refused",
            "malformed queue message",
            "rate limiter unavailable");
    assertThat(values("decision"))
        .contains("answer", "requeue", "deliver", "complete", "dead-letter");
    assertThat(values("outcome"))
        .contains(
            "signed",
            "http-500",
            "http-503",
            "http-429",
            "http-401",
            "http-403",
            "http-302",
            "http-422",
            "not-text",
            "oversized-body",
            "empty-body",
            "timeout",
            "disconnected",
            "malformed",
            "http-204",
            "http-410",
            "connect",
            "unknown-host");
    assertThat(dead.stream().map(m -> Probe.attribute(m, "reason")).collect(Collectors.toSet()))
        .contains(
            "signing-exhausted", "message-rejected", "callback-exhausted", "callback-gone", "");
    assertThat(answers.stream().map(HttpResponse::statusCode).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(200, 400, 401, 503);
    assertThat(overheard.libraryRecords()).isNotEmpty();
  }

  /** There can be more: a message may be handed out twice. */
  private void theLinesSayWhatTheyAreFor() {
    String hash = MessageHash.of("do-500- later " + MESSAGE.core());
    assertThat(lines().filter(l -> l.path("messageHash").asText().equals(hash)))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            line -> {
              assertThat(line.path("id").asText()).matches("[0-9a-f-]{36}");
              assertThat(line.path("attempt").isInt()).isTrue();
              assertThat(line.path("outcome").asText()).isEqualTo("http-500");
              assertThat(line.path("callbackHost").asText()).isEqualTo("127.0.0.1");
            })
        .anySatisfy(line -> assertThat(line.path("delaySeconds").isNumber()).isTrue())
        .extracting(line -> line.path("decision").asText())
        .containsOnly("requeue", "dead-letter");
  }

  private void badRequests() throws Exception {
    String m = MESSAGE.core();
    for (String query :
        List.of(
            "message=" + m + "%FF",
            "message=" + m + "&message=" + m,
            "message=" + m.repeat(300),
            m + "=" + m,
            "message=" + m + "&callback_url=" + m,
            "message=" + m + "&callback_url=ftp%3A%2F%2F" + m,
            "message=" + m + "&callback_url=https%3A%2F%2Fuser%3A" + QUERY.core() + "%40h.example",
            "message=" + m + "&callback_url=https%3A%2F%2Fh.example%2F%23" + QUERY.core(),
            "message=" + m + "&callback_url=https%3A%2F%2Fh.example%3A99999%2F" + QUERY.core(),
            "message=" + m + "&callback_url=https%3A%2F%2F" + QUERY.core() + "_%2F",
            "message=" + m + "&callback_url=https%3A%2F%2Fh.example%2F%20" + QUERY.core(),
            "message=" + m + "%0D%0AX-Forged:%201&callback_url=%0D%0A" + QUERY.core())) {
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

  private static Stream<String> malformedMessages() {
    String whole = job("job", URI.create("http://h.example/?" + QUERY.core()));
    return Stream.of(
        MESSAGE.core(),
        whole.substring(0, whole.length() - 1),
        whole.replace("needs-callback", SIGNATURE.core()),
        whole.replace("\"job\"", "\"" + MESSAGE.core() + "\\r\\nX-Forged: 1\""),
        whole.replace("http://", QUERY.core() + "://"),
        whole.replace("2026-", MESSAGE.core()),
        whole.replace("\"attempt\":1", "\"attempt\":\"" + MESSAGE.core() + "\""));
  }

  private static String job(String id, URI url) {
    return Json.write(
        Json.object()
            .put("version", 1)
            .put("stage", "needs-callback")
            .put("message", "do-200- queued " + MESSAGE.core())
            .put("signature", SIGNED)
            .put("id", id)
            .put("callbackUrl", url.toString())
            .put("acceptedAt", "2026-11-23T12:00:00Z")
            .put("attempt", 1));
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

  /** All of an answer but the body that has the signature. */
  private static Stream<String> told(HttpResponse<String> answer) {
    boolean signed = answer.headers().firstValue("X-Sign-Status").orElse("").equals("signed");
    return Stream.of(answer.headers().map().toString(), signed ? "" : answer.body());
  }

  /** Every job has come to its end. */
  private boolean isQuiet() {
    return system
        .queues()
        .client()
        .getQueueAttributes(
            q ->
                q.queueUrl(system.queues().retryQueueUrl())
                    .attributeNames(
                        APPROXIMATE_NUMBER_OF_MESSAGES,
                        APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                        APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .allMatch("0"::equals);
  }

  private List<Message> allDeadLetters() {
    var all = new ArrayList<Message>();
    List<Message> some;
    do {
      some =
          system
              .queues()
              .client()
              .receiveMessage(
                  r ->
                      r.queueUrl(system.queues().deadLetterQueueUrl())
                          .maxNumberOfMessages(10)
                          .messageAttributeNames("All"))
              .messages();
      all.addAll(some);
    } while (!some.isEmpty());
    return all;
  }

  private Stream<JsonNode> lines() {
    return overheard.functionLines().stream().map(Written::json);
  }

  private Set<String> values(String field) {
    return lines().map(line -> line.path(field).asText()).collect(Collectors.toSet());
  }

  private static String body(RecordedRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
