package dev.signrelay;

import static dev.signrelay.testing.HostileText.CASES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.json.Json;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Requests of every kind, to SignFunction in whatever state its surroundings are. {@code
 * -Djqwik.tries.default=100000} tries harder.
 */
final class AnyRequestTest {

  private static final String KEY = "0123456789abcdef";

  /** A state of the surroundings for each request: up, down and broken in turn. */
  private int turn;

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyQueryGetsADocumentedAnswer(@ForAll("queries") List<String> queries) throws IOException {
    var fakes = new FakeServices();
    for (String query : queries) {
      check(fakes, Json.write(Json.object().put("rawQueryString", query)));
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyHeadersGetADocumentedAnswer(@ForAll("texts") List<String> texts) throws IOException {
    var fakes = new FakeServices().with("CLIENT_API_KEYS", KEY);
    for (String text : texts) {
      var event = Json.object().put("rawQueryString", "message=m");
      event
          .putObject("headers")
          .put("X-Api-Key", text)
          .put("authorization", "Bearer " + text)
          .put("x-request-id", text)
          .put(text, text);
      assertThat(check(fakes, Json.write(event))).isEqualTo(401);
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyEventGetsADocumentedAnswer(@ForAll("events") List<String> events) throws IOException {
    var fakes = new FakeServices();
    for (String event : events) {
      check(fakes, event);
    }
  }

  @Provide
  Arbitrary<List<String>> queries() {
    return HostileText.queries().list().ofSize(CASES);
  }

  @Provide
  Arbitrary<List<String>> texts() {
    return HostileText.any().list().ofSize(CASES);
  }

  @Provide
  Arbitrary<List<String>> events() {
    Arbitrary<String> query = HostileText.queries().map(q -> Json.write(Json.object().put("q", q)));
    Arbitrary<String> values =
        Arbitraries.oneOf(
            query.map(object -> object.substring(5, object.length() - 1)),
            Arbitraries.of(
                "null", "1", "-9223372036854775808", "9e999", "[]", "{}", "\"x\"", "[[1]]"),
            query);
    Arbitrary<String> wellFormed =
        Combinators.combine(values, values, values)
            .as(
                ("{\"rawQueryString\":%s,\"headers\":%s,\"requestContext\":{\"timeEpoch\":%s}}")
                    ::formatted);
    return Arbitraries.oneOf(wellFormed, HostileText.damaged(wellFormed), values)
        .list()
        .ofSize(CASES);
  }

  /** Tells the status. */
  private int check(FakeServices fakes, String event) throws IOException {
    turn++;
    fakes.log.clear();
    fakes.queueIsDown = turn % 3 == 0;
    fakes.limiter.isDown = turn % 5 == 0;
    fakes.upstream =
        switch (turn % 4) {
          case 0 -> message -> new Signed(message);
          case 1 -> _ -> new Rejected("http-400");
          case 2 -> _ -> FakeServices.failed("http-503");
          default ->
              message -> {
                throw new IllegalStateException(message);
              };
        };
    var answer = new ByteArrayOutputStream();
    new SignHandler(fakes.services())
        .handleRequest(
            new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, null);

    JsonNode written = LogAssertions.json(answer.toString(StandardCharsets.UTF_8));
    int status = written.path("statusCode").intValue();
    assertThat(status).isIn(200, 400, 401, 503);
    written.path("headers").properties().forEach(h -> header(h.getKey(), h.getValue().textValue()));
    body(status, written.path("body").textValue());
    assertThat(fakes.log).hasSize(1);
    LogAssertions.isOneLineEach(fakes.log);
    return status;
  }

  private static void header(String name, String value) {
    assertThat(value)
        .matches(
            switch (name) {
              case "Content-Type" -> "application/json";
              case "Cache-Control" -> "no-store";
              case "X-Request-Id" -> "[0-9a-f-]{36}";
              case "X-Sign-Status" -> "signed|queued|unsigned|rejected";
              case "Retry-After" -> "5";
              case "WWW-Authenticate" -> "Bearer realm=\"SignRelay\"";
              default -> "no header of this name";
            });
  }

  private static void body(int status, String body) {
    JsonNode json = LogAssertions.json(body);
    assertThat(json.path("success").isBoolean()).isTrue();
    assertThat(json.path("success").booleanValue()).isEqualTo(status == 200);
    assertThat(json.propertyStream().map(java.util.Map.Entry::getKey).toList())
        .isEqualTo(
            status == 200 ? List.of("success", "data") : List.of("success", "data", "error"));
    if (status != 200) {
      assertThat(json.path("data").isNull()).isTrue();
      assertThat(json.path("error").textValue()).isNotEmpty().matches(LogAssertions.VISIBLE);
    }
  }
}
