package dev.signrelay.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.SignHandler;
import dev.signrelay.testing.DiscardsErrors;
import dev.signrelay.testing.FakeServices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests byte for byte, each with the answer of an HTTP API with the template's routes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
@DiscardsErrors
final class ApiGatewayFrontIT {

  /**
   * @param body a part of it; empty: there is no body
   */
  private record Case(String sentence, String request, int status, String body) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  /** SignFunction, except for two messages. */
  private static final class Function
      implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private final SignHandler sign = new SignHandler(new FakeServices().services());

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
      switch (event.getRawQueryString()) {
        case "message=crash" -> throw new IllegalStateException("expected by the test");
        case "message=hang" -> hang();
        case String _ -> {}
      }
      return sign.handleRequest(event, context);
    }

    private static void hang() {
      try {
        Thread.sleep(Duration.ofMinutes(1));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Longer than the largest body takes on a busy machine. One request takes this long. */
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private static final String NOT_FOUND = "{\"message\":\"Not Found\"}";
  private static final String BAD_REQUEST = "{\"message\":\"Bad Request\"}";
  private static final String NO_JOB = "No records of jobs";
  private static final String LONG = "x".repeat(ApiGatewayFront.MAX_HEAD_BYTES);
  private static final String LARGEST = " ".repeat(Exchange.MAX_BODY_BYTES);

  private volatile boolean admits = true;

  @AutoClose
  private final LocalServer server =
      new LocalServer(
          "127.0.0.1",
          0,
          ApiGatewayFront.MAX_HEAD_BYTES,
          new ApiGatewayFront(
                  new LambdaFunction("SignFunction", new Function(), TIMEOUT), () -> admits)
              ::handle);

  ApiGatewayFrontIT() throws IOException {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case("A route is answered by the function", get("?message=m"), 200, "data"),
        new Case("A path without a route is not found", line("GET /elsewhere"), 404, NOT_FOUND),
        new Case("So is a method without a route", line("DELETE /crypto/sign"), 404, NOT_FOUND),
        new Case("So is HEAD, and has no body", line("HEAD /crypto/sign"), 404, ""),
        new Case("So is OPTIONS: CORS is off", line("OPTIONS /crypto/sign"), 404, NOT_FOUND),
        new Case("So is OPTIONS of the server", line("OPTIONS *"), 404, NOT_FOUND),
        new Case("An empty segment is a segment", line("GET //crypto/sign"), 404, NOT_FOUND),
        new Case("A semicolon is a character", line("GET /crypto/sign;a=b"), 404, NOT_FOUND),
        new Case("Dots are characters", line("GET /crypto/x/../sign"), 404, NOT_FOUND),
        new Case("A slash may be in an id", line("GET /crypto/jobs/a%2Fb"), 404, NO_JOB),
        new Case("So may a semicolon", line("GET /crypto/jobs/a;b%3B"), 404, NO_JOB),
        new Case("So may what is no UTF-8", line("GET /crypto/jobs/%FF"), 404, NO_JOB),
        new Case("A NUL in a path is refused", line("GET /crypto/jobs/%00"), 400, BAD_REQUEST),
        new Case("A malformed % in a path is refused", line("GET /crypto/%zz"), 400, BAD_REQUEST),
        new Case("One in a query reaches the function", get("?message=%zz"), 400, "hexadecimal"),
        new Case("So does what is no UTF-8", get("?message=%ff"), 400, "UTF-8"),
        new Case("Bytes that are no UTF-8 are refused", get("?message=\u00ff"), 400, BAD_REQUEST),
        new Case("What is no HTTP is refused", "nonsense\r\n\r\n", 400, BAD_REQUEST),
        new Case("So is a space in a URL", line("GET /crypto/sign?message=a b"), 400, BAD_REQUEST),
        new Case("So is a header without a name", get("") + ": x\r\n", 400, BAD_REQUEST),
        new Case("A long URL is refused", get("?message=" + LONG), 414, "{\"message\":"),
        new Case("So are long headers", get("") + "A: " + LONG + "\r\n", 431, "{\"message\":"),
        new Case("A large body is refused", post(LARGEST + " "), 413, "Request Entity Too Large"),
        new Case("The largest one reaches the function", post(LARGEST), 400, "65,536 bytes"),
        new Case("So does one that is no UTF-8", post("{\"message\":\"\u00ff\"}"), 400, "UTF-8"),
        new Case("A crash is an error", get("?message=crash"), 500, "Internal Server Error"),
        new Case("So is a timeout", get("?message=hang"), 500, "Internal Server Error"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theAnswerIsThatOfAnHttpApi(Case it) throws IOException {
    String[] headAndBody = answer(it.request()).split("\r\n\r\n", 2);

    assertThat(headAndBody[0])
        .startsWith("HTTP/1.1 " + it.status() + " ")
        .containsIgnoringCase("Content-Type: application/json");
    assertThat(headAndBody[1]).contains(it.body()).doesNotContain("<", "\tat ");
    assertThat(headAndBody[1].isEmpty()).isEqualTo(it.body().isEmpty());
  }

  @Test
  void aThrottledRequestIsRefused() throws IOException {
    admits = false;
    try {
      assertThat(answer(get("?message=m")))
          .startsWith("HTTP/1.1 429 ")
          .endsWith("{\"message\":\"Too Many Requests\"}");
    } finally {
      admits = true;
    }
  }

  private static String get(String query) {
    return line("GET /crypto/sign" + query);
  }

  private static String line(String methodAndTarget) {
    return methodAndTarget + " HTTP/1.1\r\nHost: localhost\r\n";
  }

  private static String post(String body) {
    return line("POST /crypto/sign")
        + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private String answer(String request) throws IOException {
    String complete =
        request.contains("\r\n\r\n") ? request : request + "Connection: close\r\n\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
      socket.getOutputStream().write(complete.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
