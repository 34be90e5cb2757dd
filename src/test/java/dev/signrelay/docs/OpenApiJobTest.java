package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.SignHandler;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.json.Json;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.OpenApi;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The responses of {@code GET /crypto/jobs/{id}} match {@code openapi.yaml}. */
final class OpenApiJobTest {

  private static final OpenApi RESPONSES =
      OpenApi.read().at("paths", "/crypto/jobs/{id}", "get", "responses");
  private static final String ID =
      RESPONSES
          .at("200", "content", "application/json", "examples", "waiting", "value", "data", "id")
          .text();
  private static final Instant ACCEPTED = Instant.parse("2026-11-23T12:00:00Z");

  /** A request for each example of the document. */
  private enum Case {
    WAITING("waiting", record(JobStatus.WAITING, 0, null, null, "2026-11-23T12:00:30Z", null)),
    SIGNING(
        "signing",
        record(JobStatus.SIGNING, 2, null, "http-503", "2026-11-23T12:01:02.500Z", null)),
    SIGNED("signed", record(JobStatus.SIGNED, 3, "MEQCIFx7Zl0c1k0mG3pQ", "signed", null, null)),
    FAILED("failed", record(JobStatus.FAILED, 101, null, "http-503", null, "signing-exhausted")),
    UNKNOWN("unknown", _ -> {}),
    NO_RECORDS("noRecords", fakes -> fakes.with("JOB_TABLE", "")),
    NO_VALID_KEY("noValidKey", fakes -> fakes.with("CLIENT_API_KEYS", "0123456789abcdef")),
    KEYS_UNAVAILABLE("keysUnavailable", fakes -> fakes.clientKeysAreKnown = false),
    RECORDS_UNAVAILABLE("recordsUnavailable", fakes -> fakes.jobTable.isDown = true);

    private final String example;
    private final Consumer<FakeServices> given;

    Case(String example, JobRecord stored) {
      this(example, fakes -> fakes.jobTable.store(stored));
    }

    Case(String example, Consumer<FakeServices> given) {
      this.example = example;
      this.given = given;
    }

    private APIGatewayV2HTTPResponse answer() {
      FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");
      given.accept(fakes);
      return new SignHandler(fakes.services()).handleRequest(ApiEvents.job(ID, Map.of()), null);
    }
  }

  private static JobRecord record(
      JobStatus status,
      int attempts,
      @Nullable String signature,
      @Nullable String lastOutcome,
      @Nullable String next,
      @Nullable String reason) {
    return new JobRecord(
        ID,
        status,
        1,
        "",
        ACCEPTED,
        attempts,
        0,
        signature,
        lastOutcome,
        next == null ? null : Instant.parse(next),
        reason);
  }

  @ParameterizedTest
  @EnumSource
  void everyResponseEqualsItsExample(Case request) throws Exception {
    APIGatewayV2HTTPResponse answer = request.answer();
    OpenApi body =
        RESPONSES.at(
            "" + answer.getStatusCode(), "content", answer.getHeaders().get("Content-Type"));
    assertThat(body.at("schema").violations(Json.read(answer.getBody()))).isEmpty();
    assertThat(answer.getBody())
        .isEqualTo(Json.write(body.at("examples", request.example, "value").node()));
  }

  @ParameterizedTest
  @EnumSource
  void everyResponseHasTheDocumentedHeaders(Case request) {
    APIGatewayV2HTTPResponse answer = request.answer();
    OpenApi headers = RESPONSES.at("" + answer.getStatusCode(), "headers");
    assertThat(answer.getHeaders().keySet())
        .containsAll(
            headers.names().stream()
                .filter(name -> headers.at(name, "required").node().asBoolean())
                .toList());
    answer
        .getHeaders()
        .forEach(
            (name, value) -> {
              // OpenAPI describes it as the media type of the body.
              if (!name.equals("Content-Type")) {
                assertThat(headers.at(name, "schema").violations(value)).isEmpty();
              }
            });
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANSWERING")
  void aRecordOfEachStatusConformsAndSaysWhetherItIsOver(JobStatus status) throws Exception {
    FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");
    fakes.jobTable.store(record(status, 1, "signature", "http-204", null, "expired"));

    APIGatewayV2HTTPResponse answer =
        new SignHandler(fakes.services()).handleRequest(ApiEvents.job(ID, Map.of()), null);

    OpenApi schema = RESPONSES.at("200", "content", "application/json", "schema");
    assertThat(schema.violations(Json.read(answer.getBody()))).isEmpty();
    assertThat(answer.getHeaders().containsKey("Retry-After")).isEqualTo(!status.isOver());
  }

  @Test
  void everyDocumentedResponseOccurs() {
    Map<String, Set<String>> occurring = new TreeMap<>();
    Arrays.stream(Case.values())
        .forEach(
            request ->
                occurring
                    .computeIfAbsent("" + request.answer().getStatusCode(), _ -> new TreeSet<>())
                    .add(request.example));
    // An exception that nobody foresaw.
    occurring.get("503").add("internalError");
    Map<String, Set<String>> documented = new TreeMap<>();
    RESPONSES.names().stream()
        .filter(status -> !Set.of("429", "500").contains(status))
        .forEach(
            status ->
                documented.put(
                    status,
                    new TreeSet<>(
                        RESPONSES.at(status, "content", "application/json", "examples").names())));
    assertThat(occurring).isEqualTo(documented);
  }
}
