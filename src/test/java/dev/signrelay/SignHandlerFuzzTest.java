package dev.signrelay;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static dev.signrelay.testing.HostileText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SignFunction returns a documented response to any request, even if its services fail. */
public final class SignHandlerFuzzTest {

  private static final String KEY = "0123456789abcdef";

  /**
   * @param flags 1: the queue is down; 2: the rate limiter is down; 4: it allows no call; 8: there
   *     are records. The next two bits choose what the upstream does.
   */
  private record Case(String event, int flags) {

    static Case of(SeededInput in, String event) {
      return new Case(event, in.below(64));
    }

    FakeServices fakes() {
      var fakes = new FakeServices().with("JOB_TABLE", (flags & 8) == 0 ? "" : "jobs");
      fakes.queueIsDown = (flags & 1) != 0;
      fakes.limiter.isDown = (flags & 2) != 0;
      fakes.limiter.wait = Duration.ofSeconds((flags & 4) == 0 ? 0 : 30);
      fakes.upstream =
          switch (flags >> 4 & 3) {
            case 0 -> Signed::new;
            case 1 -> _ -> new Rejected("http-400");
            case 2 -> _ -> FakeServices.failed("http-503");
            default ->
                message -> {
                  throw new IllegalStateException(message);
                };
          };
      return fakes;
    }
  }

  @Test
  void anyRequestGetsADocumentedAnswer() {
    Fuzz.check(
        3 * FUNCTION_CASES,
        in -> Case.of(in, in.oneMadeBy(() -> event(in), () -> withQuery(in), () -> withBody(in))),
        of -> check(of, of.fakes()));
  }

  @Test
  void anyHeadersWithoutAKeyAreRefused() {
    Fuzz.check(
        FUNCTION_CASES,
        in -> Case.of(in, withHeaders(HostileText.any(in))),
        of -> assertThat(check(of, of.fakes().with("CLIENT_API_KEYS", KEY))).isEqualTo(401));
  }

  private static String withQuery(SeededInput in) {
    return "{\"rawQueryString\":%s}".formatted(quoted(HostileText.query(in)));
  }

  private static String withHeaders(String text) {
    var event = Json.object().put("rawQueryString", "message=m");
    event
        .putObject("headers")
        .put("X-Api-Key", text)
        .put("authorization", "Bearer " + text)
        .put("x-request-id", text)
        .put(text, text);
    return Json.write(event);
  }

  private static String withBody(SeededInput in) {
    var event =
        Json.object()
            .put("routeKey", "POST /crypto/sign")
            .put("rawQueryString", in.oneIn(10) ? HostileText.query(in) : "")
            .put("body", HostileText.body(in))
            .put("isBase64Encoded", in.oneIn(10));
    event
        .putObject("headers")
        .put("content-type", in.oneIn(10) ? HostileText.any(in) : "application/json");
    return Json.write(event);
  }

  private static String event(SeededInput in) {
    return in.oneMadeBy(
        () -> wellFormed(in), () -> HostileText.damaged(in, wellFormed(in)), () -> value(in));
  }

  private static String wellFormed(SeededInput in) {
    return "{\"rawQueryString\":%s,\"headers\":%s,\"requestContext\":{\"timeEpoch\":%s}}"
        .formatted(value(in), value(in), value(in));
  }

  private static String value(SeededInput in) {
    return in.oneMadeBy(
        () -> quoted(HostileText.query(in)),
        () -> in.oneOf("null", "1", "-9223372036854775808", "9e999", "[]", "{}", "\"x\"", "[[1]]"),
        () -> "{\"q\":%s}".formatted(quoted(HostileText.query(in))));
  }

  /**
   * As {@link #anyRequestGetsADocumentedAnswer}.
   *
   * @param input a byte of flags, and the event, which comes twice
   */
  public static void check(byte[] input) {
    if (input.length > 0) {
      var of = new Case(new String(input, 1, input.length - 1, UTF_8), input[0]);
      FakeServices fakes = of.fakes();
      check(of, fakes);
      fakes.log.clear();
      check(of, fakes);
    }
  }

  /** Returns the status. */
  private static int check(Case of, FakeServices fakes) {
    JsonNode written =
        new LambdaFunction("SignFunction", new SignHandler(fakes.services()), Duration.ofSeconds(5))
            .invoke(of.event());
    int status = written.path("statusCode").intValue();
    assertThat(status).isIn(200, 202, 400, 401, 404, 409, 415, 422, 503);
    written
        .path("headers")
        .properties()
        .forEach(h -> checkHeader(h.getKey(), h.getValue().textValue()));
    checkBody(status, written.path("body").textValue());
    assertThat(fakes.log).hasSize(1);
    LogAssertions.isOneLineEach(fakes.log);
    return status;
  }

  private static void checkHeader(String name, String value) {
    assertThat(value)
        .matches(
            switch (name) {
              case "Content-Type" -> "application/json";
              case "Cache-Control" -> "no-store";
              case "X-Request-Id" -> "[0-9a-f-]{36}";
              case "X-Sign-Status" -> "signed|queued|accepted|unsigned|rejected";
              case "X-Sign-Expected-In" -> "\\d{1,7}";
              case "Retry-After" -> "[1-9]\\d{0,6}";
              case "Location" -> "/crypto/jobs/[0-9a-f-]{36}";
              case "Preference-Applied" -> "respond-async";
              case "WWW-Authenticate" -> "Bearer realm=\"SignRelay\"";
              default -> "no header of this name";
            });
  }

  private static void checkBody(int status, String body) {
    JsonNode json = LogAssertions.json(body);
    assertThat(json.path("success").isBoolean()).isTrue();
    assertThat(json.path("success").booleanValue()).isEqualTo(status < 300);
    assertThat(json.propertyStream().map(Map.Entry::getKey).toList())
        .isEqualTo(status < 300 ? List.of("success", "data") : List.of("success", "data", "error"));
    if (status >= 300) {
      assertThat(json.path("data").isNull()).isTrue();
      assertThat(json.path("error").textValue()).isNotEmpty().matches(LogAssertions.VISIBLE);
    }
  }
}
