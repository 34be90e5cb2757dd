package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Version;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.json.Json;
import dev.signrelay.local.Template;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.OpenApi;
import dev.signrelay.testing.SignCase;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The paths and the responses in {@code openapi.yaml} match the code. */
final class OpenApiTest {

  private static final String JSON = "application/json";
  private static final OpenApi DOCUMENT = OpenApi.read();
  private static final OpenApi RECORDS =
      DOCUMENT.at("paths", "/crypto/jobs/{id}", "get", "responses", "200").at("content", JSON);
  private static final OpenApi PUBLIC_KEY =
      DOCUMENT
          .at("paths", "/crypto/callback-key", "get", "responses", "200", "content", JSON)
          .at("examples", "key", "value", "data");

  private static final String CLIENT_KEY = "0123456789abcdef";

  /** What leads to the example of this name, in {@code GET /crypto/jobs/{id}}. */
  private static final Map<String, Consumer<FakeServices>> READS_OF_JOBS =
      Map.of(
          "waiting", fakes -> fakes.jobTable.store(record("waiting")),
          "signing", fakes -> fakes.jobTable.store(record("signing")),
          "signed", fakes -> fakes.jobTable.store(record("signed")),
          "failed", fakes -> fakes.jobTable.store(record("failed")),
          "unknown", _ -> {},
          "noRecords", fakes -> fakes.with("JOB_TABLE", ""),
          "noValidKey", fakes -> fakes.with("CLIENT_API_KEYS", CLIENT_KEY),
          "keysUnavailable", fakes -> fakes.clientKeysAreKnown = false,
          "recordsUnavailable", fakes -> fakes.jobTable.isDown = true);

  /** The same, in {@code GET /crypto/callback-key}. */
  private static final Map<String, Consumer<FakeServices>> READS_OF_KEYS =
      Map.of(
          "key", fakes -> fakes.with("CALLBACK_PUBLIC_KEY", PUBLIC_KEY.text()), "noKey", _ -> {});

  /**
   * An answer of SignFunction.
   *
   * @param example the name of the example that it equals
   */
  record Answer(String path, String method, String example, APIGatewayV2HTTPResponse response) {

    int status() {
      return response.getStatusCode();
    }

    /** Its place in the document. */
    OpenApi documented() {
      return DOCUMENT.at("paths", path, method, "responses", Integer.toString(status()));
    }

    @Override
    public String toString() {
      return "%s %d %s".formatted(path, status(), example);
    }
  }

  static Stream<Answer> answers() {
    return Stream.of(
            Stream.of(SignCase.values())
                .map(s -> new Answer("/crypto/sign", s.operation(), s.example(), s.answer())),
            Stream.of(
                new Answer("/crypto/sign", "get", "signed", reused()),
                new Answer("/crypto/sign", "get", "tooManyJobs", secondJobOfAnHour())),
            reads("/crypto/jobs/{id}", READS_OF_JOBS),
            reads("/crypto/callback-key", READS_OF_KEYS))
        .flatMap(all -> all);
  }

  private static Stream<Answer> reads(String path, Map<String, Consumer<FakeServices>> examples) {
    APIGatewayV2HTTPEvent event = ApiEvents.job(record("waiting").id(), Map.of());
    event.setRouteKey("GET " + path);
    return examples.entrySet().stream()
        .map(
            example -> {
              FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");
              example.getValue().accept(fakes);
              var handler = new SignHandler(fakes.services());
              return new Answer(path, "get", example.getKey(), handler.handleRequest(event, null));
            });
  }

  private static APIGatewayV2HTTPResponse reused() {
    FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");
    fakes.with("SIGNATURE_CACHE_SECONDS", "600");
    SignCase.SIGNED.answerWith(fakes);
    fakes.time.advance(Duration.ofSeconds(12));
    return SignCase.SIGNED.answerWith(fakes);
  }

  private static APIGatewayV2HTTPResponse secondJobOfAnHour() {
    FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");
    fakes.with("CLIENT_API_KEYS", CLIENT_KEY).with("CLIENT_JOBS_PER_HOUR", "1");
    fakes.upstream = _ -> FakeServices.failed("http-503");
    var handler = new SignHandler(fakes.services());
    APIGatewayV2HTTPEvent request =
        ApiEvents.request(
            "message=m&callback_url=https://receiver.example.com/",
            FakeServices.START,
            Map.of("x-api-key", CLIENT_KEY));
    handler.handleRequest(request, null);
    return handler.handleRequest(request, null);
  }

  /** The record that an example shows. */
  private static JobRecord record(String example) {
    JsonNode data = RECORDS.at("examples", example, "value", "data").node();
    String next = textOrNull(data, "next_attempt_at");
    return new JobRecord(
        data.path("id").textValue(),
        JobStatus.valueOf(data.path("status").textValue().toUpperCase(Locale.ROOT)),
        1,
        "",
        Instant.parse(data.path("accepted_at").textValue()),
        data.path("attempts").intValue(),
        data.path("deliveries").intValue(),
        textOrNull(data, "signature"),
        textOrNull(data, "last_outcome"),
        next == null ? null : Instant.parse(next),
        textOrNull(data, "reason"));
  }

  private static @Nullable String textOrNull(JsonNode node, String name) {
    return node.path(name).textValue();
  }

  @ParameterizedTest
  @MethodSource("answers")
  void everyAnswerEqualsItsExample(Answer answer) throws Exception {
    String text = answer.response().getBody();
    OpenApi body =
        answer.documented().at("content", answer.response().getHeaders().get("Content-Type"));

    assertThat(body.at("schema").violations(Json.read(text))).isEmpty();
    assertThat(text).isEqualTo(Json.write(body.at("examples", answer.example(), "value").node()));
  }

  /** Where API Gateway can answer with the same status, no header is required. */
  @ParameterizedTest
  @MethodSource("answers")
  void everyAnswerHasTheDocumentedHeaders(Answer answer) {
    OpenApi headers = answer.documented().at("headers");
    boolean isAlsoOfGateway = Set.of(429, 503).contains(answer.status());
    Map<String, String> sent = answer.response().getHeaders();

    assertThat(sent.keySet())
        .containsAll(
            headers.names().stream()
                .filter(h -> isAlsoOfGateway || headers.at(h, "required").node().asBoolean())
                .toList());
    sent.forEach(
        (name, value) -> {
          // OpenAPI describes it as the media type of the body.
          if (!name.equals("Content-Type")) {
            assertThat(headers.at(name, "schema").violations(value)).isEmpty();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void theStatusOfA200IsItsExampleAndOnlyAQueuedAnswerStatesWhenACallIsExpected(SignCase sign) {
    APIGatewayV2HTTPResponse answer = sign.answer();
    String status = answer.getHeaders().get("X-Sign-Status");

    if (answer.getStatusCode() == 200) {
      assertThat(status).isEqualTo(sign.example());
    }
    assertThat(answer.getHeaders().containsKey("X-Sign-Expected-In"))
        .isEqualTo(status.equals("queued"));
  }

  @Test
  void everyExampleOfAnAnswerOfSignRelayOccurs() {
    var occurring = answers().map(Answer::toString).collect(Collectors.toCollection(TreeSet::new));
    occurring.add("/crypto/jobs/{id} 503 internalError"); // an exception that nobody foresaw
    var documented = new TreeSet<String>();
    OpenApi paths = DOCUMENT.at("paths");
    for (String path : paths.names()) {
      for (String method : paths.at(path).names()) {
        OpenApi responses = paths.at(path, method, "responses");
        for (String status : responses.names()) {
          OpenApi examples = responses.at(status, "content", JSON, "examples");
          examples.names().stream()
              .filter(example -> examples.at(example, "value").has("success")) // not API Gateway's
              .forEach(example -> documented.add("%s %s %s".formatted(path, status, example)));
        }
      }
    }

    assertThat(occurring).isEqualTo(documented);
  }

  @Test
  void everyParameterHeaderAndBodyHasValidExamples() {
    assertThat(DOCUMENT.examples())
        .hasSizeGreaterThan(20)
        .allSatisfy(example -> assertThat(example.violations()).isEmpty());
  }

  @Test
  void theReasonsAndTheStatesAreThoseOfTheCode() {
    OpenApi schemas = DOCUMENT.at("components", "schemas");
    assertThat(values(schemas.at("Reason")))
        .containsExactlyElementsOf(
            Stream.of(Kind.values())
                .filter(kind -> kind != Kind.MALFORMED) // it has no client
                .map(Kind::code)
                .toList());
    assertThat(values(schemas.at("JobRecord", "properties", "status")))
        .containsExactlyElementsOf(
            Stream.of(JobStatus.values())
                .filter(status -> status != JobStatus.ANSWERING)
                .map(JobStatus::code)
                .toList());
    OpenApi answered = DOCUMENT.at("components", "responses", "Answered");
    assertThat(values(answered.at("headers", "X-Sign-Status", "schema")))
        .containsExactlyElementsOf(answered.at("content", JSON, "examples").names());
  }

  private static Stream<String> values(OpenApi schema) {
    return schema.at("enum").node().valueStream().map(JsonNode::asText);
  }

  @Test
  void thePathsAndTheMethodsAreThoseOfTheTemplate() {
    assertThat(
            DOCUMENT.at("paths").names().stream()
                .flatMap(
                    path ->
                        DOCUMENT.at("paths", path).names().stream()
                            .map(method -> method.toUpperCase(Locale.ROOT) + " " + path)))
        .containsExactlyElementsOf(
            Template.read().events("SignFunction", "HttpApi").stream()
                .map(event -> event.get("Method") + " " + event.get("Path"))
                .toList());
  }

  @Test
  void apiGatewayHandlesNoOtherOrigins() {
    assertThat(DOCUMENT.at("info", "description").text()).contains("no CORS headers");
    assertThat(Template.read().properties("Api")).doesNotContainKey("CorsConfiguration");
  }

  @Test
  void theVersionIsThatOfTheRelease() {
    assertThat(DOCUMENT.at("info", "version").text()).isEqualTo(Version.current());
  }
}
