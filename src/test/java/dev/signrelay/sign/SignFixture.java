package dev.signrelay.sign;

import static java.util.stream.Collectors.joining;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import dev.signrelay.testing.Given;
import dev.signrelay.testing.LogAssertions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Requests to sign, with services in memory. Answers, effects and log are texts. */
final class SignFixture {

  static final String PLAIN = "message=hello";
  static final String WITH_CALLBACK = PLAIN + "&callback_url=https://receiver.example/in";
  static final Instant NOW = FakeServices.START;

  /** What a client can do with an answer. */
  private static final List<String> HEADERS =
      List.of(
          "Age",
          "Retry-After",
          "X-Sign-Expected-In",
          "Location",
          "Preference-Applied",
          "WWW-Authenticate");

  /** The metrics of each request, and those of attempts. */
  private static final String OF_ATTEMPT =
      "Requests|Upstream.*|DeadLetter.*|RateLimited|JoinedLine|LimiterUnavailable";

  final FakeServices fakes = new FakeServices();

  /**
   * Answers a request that is sent now.
   *
   * @param headers names and values by turns
   */
  APIGatewayV2HTTPResponse answer(String query, String... headers) {
    var named = new HashMap<String, String>();
    for (int i = 0; i < headers.length; i += 2) {
      named.put(headers[i], headers[i + 1]);
    }
    return answer(ApiEvents.request(query, fakes.time.instant(), named));
  }

  APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) {
    return new SignWorkflow(fakes.services()).handle(event);
  }

  /** Answers a request that was received some time ago. */
  String answeredAfter(long millis, String query) {
    return text(answer(ApiEvents.request(query, fakes.time.instant().minusMillis(millis))));
  }

  /** Prepares the services, in the words of {@link Given}. */
  void given(String words) {
    Given.prepare(fakes, words);
  }

  /** The log: of each event the level, if it is not INFO, the decision, and what it counts. */
  String log() {
    return fakes.log.stream().map(SignFixture::text).collect(joining("; "));
  }

  /** Status, {@code X-Sign-Status}, headers, and the signature or the error. */
  static String text(APIGatewayV2HTTPResponse response) {
    Map<String, String> headers = response.getHeaders();
    JsonNode body = LogAssertions.json(response.getBody());
    var parts = new ArrayList<String>();
    String signStatus = headers.get("X-Sign-Status");
    parts.add(response.getStatusCode() + (signStatus == null ? "" : " " + signStatus));
    HEADERS.stream()
        .filter(headers::containsKey)
        .forEach(name -> parts.add(name + " " + headers.get(name)));
    Stream.of("data", "error")
        .filter(name -> !body.path(name).isMissingNode() && !body.path(name).isNull())
        .forEach(name -> parts.add(body.path(name).textValue()));
    return String.join(", ", parts);
  }

  /** What was called, sent, dead-lettered and recorded. */
  String effects() {
    var effects = new ArrayList<String>();
    fakes.signed.forEach(_ -> effects.add("called"));
    fakes.sent.forEach(sent -> effects.add(text(sent)));
    fakes.dead.forEach(dead -> effects.add("dead letter " + dead.reason().kind().code()));
    fakes.jobTable.written.forEach(record -> effects.add("record " + record.status().code()));
    return effects.isEmpty() ? "nothing" : String.join(", ", effects);
  }

  /** Such as {@code retry #2 in 30 s}. */
  private static String text(Sent sent) {
    Instant notBefore = sent.job().notBefore();
    return "%s #%d in %d s%s"
        .formatted(
            sent.queue().name().toLowerCase(Locale.ROOT),
            sent.job().attemptNumber(),
            sent.delay().toSeconds(),
            notBefore == null ? "" : " of " + Duration.between(NOW, notBefore).toSeconds());
  }

  private static String text(LogEvent event) {
    String level = event.level() == Level.INFO ? "" : event.level() + " ";
    Object decision = event.fields().get("decision");
    return event.measurements().keySet().stream()
        .map(Metric::title)
        .filter(title -> !title.matches(OF_ATTEMPT))
        .collect(
            joining(
                " ", level + event.name() + (decision == null ? "" : ", " + decision) + ": ", ""));
  }
}
