package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.app.Version;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.json.Json;
import dev.signrelay.local.Template;
import dev.signrelay.request.Body;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.request.SignRequest;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.OpenApi;
import dev.signrelay.testing.ResultOrRule;
import dev.signrelay.testing.SignCase;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The responses, bounds and schemas in {@code openapi.yaml} match the code. */
final class OpenApiTest {

  private static final OpenApi DOCUMENT = OpenApi.read();
  private static final OpenApi SIGN = DOCUMENT.at("paths", "/crypto/sign", "get");
  private static final OpenApi BODY =
      DOCUMENT.at("paths", "/crypto/sign", "post", "requestBody", "content", "application/json");

  private static final CallbackUrlRules RULES = new CallbackUrlRules(true, TestDestinations.PUBLIC);

  /** The responses that API Gateway generates. */
  private static final List<String> GATEWAY = List.of("413", "429", "500");

  @ParameterizedTest
  @EnumSource
  void everyResponseEqualsItsExample(SignCase sign) throws Exception {
    APIGatewayV2HTTPResponse answer = sign.answer();
    OpenApi response = responses(sign).at(Integer.toString(answer.getStatusCode()));
    OpenApi body = response.at("content", answer.getHeaders().get("Content-Type"));
    assertThat(body.at("schema").violations(Json.read(answer.getBody()))).isEmpty();
    assertThat(answer.getBody())
        .isEqualTo(Json.write(body.at("examples", sign.example(), "value").node()));
    if (answer.getStatusCode() == 200) {
      assertThat(answer.getHeaders().get("X-Sign-Status")).isEqualTo(sign.example());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyResponseHasTheDocumentedHeaders(SignCase sign) {
    APIGatewayV2HTTPResponse answer = sign.answer();
    OpenApi headers = responses(sign).at(Integer.toString(answer.getStatusCode()), "headers");
    Map<String, String> sent = answer.getHeaders();
    assertThat(sent.keySet())
        .contains("Content-Type")
        .containsAll(
            headers.names().stream()
                .filter(name -> headers.at(name, "required").node().asBoolean())
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
  void onlyAQueuedResponseStatesWhenACallIsExpected(SignCase sign) {
    Map<String, String> headers = sign.answer().getHeaders();

    assertThat(headers.containsKey("X-Sign-Expected-In"))
        .isEqualTo(headers.get("X-Sign-Status").equals("queued"));
  }

  @Test
  void everyDocumentedResponseOccurs() {
    Map<String, Set<String>> occurring = new TreeMap<>();
    for (SignCase sign : SignCase.values()) {
      occurring
          .computeIfAbsent("" + sign.answer().getStatusCode(), _ -> new TreeSet<>())
          .add(sign.example());
    }
    Map<String, Set<String>> documented = new TreeMap<>();
    for (String operation : List.of("get", "post")) {
      OpenApi responses = DOCUMENT.at("paths", "/crypto/sign", operation, "responses");
      responses.names().stream()
          .filter(status -> !GATEWAY.contains(status))
          .forEach(
              status ->
                  documented
                      .computeIfAbsent(status, _ -> new TreeSet<>())
                      .addAll(
                          responses.at(status, "content", "application/json", "examples").names()));
    }
    assertThat(occurring).isEqualTo(documented);
  }

  @Test
  void theAgeOfAReusedSignatureConformsToTheDocument() {
    FakeServices fakes =
        new FakeServices().with("JOB_TABLE", "jobs").with("SIGNATURE_CACHE_SECONDS", "600");
    SignCase.SIGNED.answerWith(fakes);
    fakes.time.advance(Duration.ofSeconds(12));

    String age = SignCase.SIGNED.answerWith(fakes).getHeaders().get("Age");

    assertThat(age).isEqualTo("12");
    OpenApi headers = responses(SignCase.SIGNED).at("200", "headers");
    assertThat(headers.at("Age", "schema").violations(age)).isEmpty();
  }

  @Test
  void everyDocumentedStatusOccurs() {
    OpenApi status = DOCUMENT.at("components", "responses", "Answered", "headers", "X-Sign-Status");
    assertThat(
            Stream.of(SignCase.values())
                .map(SignCase::answer)
                .filter(a -> a.getStatusCode() == 200)
                .map(a -> a.getHeaders().get("X-Sign-Status")))
        .containsAll(
            status.at("schema", "enum").node().valueStream().map(JsonNode::asText).toList());
  }

  @Test
  void everyParameterHeaderAndBodyHasValidExamples() {
    assertThat(DOCUMENT.examples())
        .hasSizeGreaterThan(20)
        .allSatisfy(example -> assertThat(example.violations()).isEmpty());
  }

  @Test
  void theBoundsAreThoseOfTheCode() {
    OpenApi message = SIGN.parameter("message");
    OpenApi url = SIGN.parameter("callback_url");
    int bytes = SignRequest.MAX_MESSAGE_BYTES;
    assertThat(message.at("schema", "maxLength").node().intValue()).isEqualTo(bytes);
    assertThat(message.at("description").text()).contains("%,d bytes".formatted(bytes));
    assertThat(url.at("schema", "maxLength").node().intValue())
        .isEqualTo(CallbackUrlRules.MAX_LENGTH);
    assertThat(url.at("schema", "description").text().replace('\n', ' '))
        .contains("The port must be " + LimitsTableTest.defaultPorts() + ",");
    assertThat(SIGN.parameter("valid_for").at("schema", "maximum").node().longValue())
        .isEqualTo(SignRequest.MAX_VALID_FOR.toSeconds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"message\":\"m\"}",
        "{\"message\":\"m\",\"callback_url\":\"https://example.com/\",\"valid_for\":1}",
        "{\"message\":\"m\",\"valid_for\":1209600,\"other\":[null]}",
        "{}",
        "[]",
        "{\"message\":\"\"}",
        "{\"message\":null}",
        "{\"message\":1}",
        "{\"message\":\"m\",\"callback_url\":null}",
        "{\"message\":\"m\",\"callback_url\":\"http://example.com/\"}",
        "{\"message\":\"m\",\"valid_for\":0}",
        "{\"message\":\"m\",\"valid_for\":1209601}",
        "{\"message\":\"m\",\"valid_for\":\"60\"}",
        "{\"message\":\"m\",\"valid_for\":1.5}"
      })
  void theSchemaOfABodyAcceptsWhatTheCodeAccepts(String body) throws Exception {
    boolean accepted =
        ResultOrRule.of(
                () -> SignRequest.parse("", new Body("application/json", "", body, false), RULES))
            instanceof SignRequest;
    assertThat(BODY.at("schema").violations(Json.read(body)).isEmpty()).isEqualTo(accepted);
  }

  @Test
  void theReasonsAndTheStatesOfARecordAreThoseOfTheCode() {
    OpenApi schemas = DOCUMENT.at("components", "schemas");
    assertThat(schemas.at("Reason", "enum").node().valueStream().map(JsonNode::asText))
        .containsExactlyElementsOf(
            Stream.of(Kind.values())
                .filter(kind -> kind != Kind.MALFORMED) // it has no client
                .map(Kind::code)
                .toList());
    assertThat(
            schemas
                .at("JobRecord", "properties", "status", "enum")
                .node()
                .valueStream()
                .map(JsonNode::asText))
        .containsExactlyElementsOf(
            Stream.of(JobStatus.values())
                .filter(status -> status != JobStatus.ANSWERING)
                .map(JobStatus::code)
                .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, true",
    "https://example.com:8443/a/b?c=d&e=@f, true",
    "https://[2606:4700:4700::1111]/, true",
    "https://example.com?a=b, true",
    "http://example.com/, false",
    "ftp://example.com/, false",
    "example.com/inbox, false",
    "https:///inbox, false",
    "https://user@example.com/, false",
    "https://user:password@example.com/, false",
    "https://example.com/#part, false",
    "https://example.com/a b, false",
  })
  void theSchemaOfACallbackUrlAcceptsWhatTheCodeAccepts(String url, boolean accepted) {
    OpenApi schema = SIGN.parameter("callback_url").at("schema");
    assertThat(ResultOrRule.of(() -> RULES.check(url)) instanceof URI).isEqualTo(accepted);
    assertThat(schema.violations(url).isEmpty()).isEqualTo(accepted);
  }

  @Test
  void aKeyIsAcceptedInEveryDocumentedScheme() {
    OpenApi schemes = DOCUMENT.at("components", "securitySchemes");
    ClientKeys keys = ClientKeys.parse("0123456789abcdef").orElseThrow();
    assertThat(DOCUMENT.at("security").node().valueStream().flatMap(JsonNode::propertyStream))
        .extracting(Map.Entry::getKey)
        .containsExactlyElementsOf(schemes.names());
    assertThat(keys.admit(schemes.at("bearerKey", "scheme").text() + " 0123456789abcdef", ""))
        .isPresent();
    assertThat(schemes.at("headerKey", "name").text()).isEqualTo("x-api-key");
    assertThat(keys.admit("", "0123456789abcdef")).isPresent();
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

  private static OpenApi responses(SignCase sign) {
    return DOCUMENT.at("paths", "/crypto/sign", sign.operation(), "responses");
  }
}
