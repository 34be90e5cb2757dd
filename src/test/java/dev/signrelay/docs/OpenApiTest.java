package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.app.Version;
import dev.signrelay.json.Json;
import dev.signrelay.local.Template;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.CallbackUrlRules.Checked.Accepted;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.request.SignRequest;
import dev.signrelay.testing.OpenApi;
import dev.signrelay.testing.SignCase;
import dev.signrelay.testing.TestDestinations;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The responses, bounds and schemas in {@code openapi.yaml} match the code. */
final class OpenApiTest {

  private static final OpenApi DOCUMENT = OpenApi.read();
  private static final OpenApi SIGN = DOCUMENT.at("paths", "/crypto/sign", "get");
  private static final OpenApi RESPONSES = SIGN.at("responses");

  @ParameterizedTest
  @EnumSource
  void everyResponseEqualsItsExample(SignCase sign) throws Exception {
    APIGatewayV2HTTPResponse answer = sign.answer();
    OpenApi response = RESPONSES.at(Integer.toString(answer.getStatusCode()));
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
    OpenApi headers = RESPONSES.at(Integer.toString(answer.getStatusCode()), "headers");
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
    List<APIGatewayV2HTTPResponse> answers =
        Stream.of(SignCase.values()).map(SignCase::answer).toList();
    List<String> gateway = List.of("429", "500");
    assertThat(Stream.concat(answers.stream().map(a -> "" + a.getStatusCode()), gateway.stream()))
        .containsOnlyOnceElementsOf(gateway)
        .containsAll(RESPONSES.names());
    assertThat(Stream.of(SignCase.values()).map(SignCase::example))
        .containsAll(
            RESPONSES.names().stream()
                .filter(status -> !gateway.contains(status))
                .map(status -> RESPONSES.at(status, "content", "application/json", "examples"))
                .flatMap(examples -> examples.names().stream())
                .toList());
    assertThat(
            answers.stream()
                .filter(a -> a.getStatusCode() == 200)
                .map(a -> a.getHeaders().get("X-Sign-Status")))
        .containsAll(
            RESPONSES
                .at("200", "headers", "X-Sign-Status", "schema", "enum")
                .node()
                .valueStream()
                .map(value -> value.asText())
                .toList());
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
    assertThat(url.at("description").text())
        .contains("The port must be " + LimitsTableTest.defaultPorts() + ",");
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
    var rules = new CallbackUrlRules(true, TestDestinations.PUBLIC);
    OpenApi schema = SIGN.parameter("callback_url").at("schema");
    assertThat(rules.check(url) instanceof Accepted).isEqualTo(accepted);
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
  void thePathAndTheMethodAreThoseOfTheTemplate() {
    Map<String, Object> events = map(Template.read().properties("SignFunction").get("Events"));
    Map<String, Object> route = map(map(events.get("Sign")).get("Properties"));

    assertThat(DOCUMENT.at("paths").names()).containsExactly((String) route.get("Path"));
    assertThat(DOCUMENT.at("paths", "/crypto/sign").names())
        .containsExactly(route.get("Method").toString().toLowerCase(Locale.ROOT));
  }

  @Test
  void theVersionIsThatOfTheRelease() {
    assertThat(DOCUMENT.at("info", "version").text()).isEqualTo(Version.current());
  }
}
