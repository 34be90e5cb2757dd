package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.json.Json;
import dev.signrelay.local.Template;
import dev.signrelay.testing.AllLogEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.QueueBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Logs Insights queries in docs/operations.md find the lines of the functions' logs. */
final class LogQueryTest {

  private static final Pattern QUERY =
      Pattern.compile("```\nfields (?<fields>.+)\n\\| filter (?<filter>.+)\n\\| sort @timestamp\n");
  private static final Pattern CONDITION = Pattern.compile("(\\w+) = \"[^\"]+\"");

  private static final Pattern ERROR_QUERY =
      Pattern.compile(
          "```\nfields coalesce\\((?<what>.+)\\) as what\n"
              + "\\| fields coalesce\\((?<why>.+)\\) as why\n"
              + "\\| filter (?<filter>.+)\n\\| stats ");

  /**
   * Fields of Lambda's own lines (AWS Lambda developer guide, "Lambda Telemetry API Event schema
   * reference"), and the text of an uncaught exception.
   */
  private static final Set<String> WRITTEN_BY_LAMBDA =
      Set.of("type", "record.errorType", "record.status", "message");

  /** The fields in the result. */
  private List<String> selected;

  /** The fields of the filter. */
  private List<String> filtered;

  @BeforeEach
  void readTheQuery() throws IOException {
    var query = QUERY.matcher(Files.readString(Path.of("docs/operations.md")));
    assertThat(query.find()).isTrue();
    selected = List.of(query.group("fields").split(", "));
    filtered =
        CONDITION.matcher(query.group("filter")).results().map(found -> found.group(1)).toList();
    assertThat(CONDITION.matcher(query.group("filter")).replaceAll("x")).isEqualTo("x or x");
  }

  @Test
  void everyFieldOfTheQueryIsLogged() {
    Set<String> written = writtenByFunctions();
    // Logs Insights adds it to every line.
    written.add("@timestamp");

    assertThat(written).containsAll(selected).containsAll(filtered);
  }

  private static Set<String> writtenByFunctions() {
    Set<String> written = new HashSet<>();
    AllLogEvents.ofAllFunctions()
        .forEach(
            function ->
                function.lines().forEach(line -> line.fieldNames().forEachRemaining(written::add)));
    return written;
  }

  @Test
  void everyFieldOfTheErrorQueryIsLogged() throws IOException {
    var query = ERROR_QUERY.matcher(Files.readString(Path.of("docs/operations.md")));
    assertThat(query.find()).isTrue();
    Set<String> written = writtenByFunctions();
    assertThat(written).doesNotContainAnyElementsOf(WRITTEN_BY_LAMBDA);
    written.addAll(WRITTEN_BY_LAMBDA);

    assertThat(written)
        .contains(query.group("what").split(", "))
        .contains(query.group("why").split(", "))
        .contains(query.group("filter").replaceAll(" in \\[[^]]+]", "").split(" or "));
  }

  /** The request, two signing attempts, a failed callback and the dead letter. */
  @Test
  void theQueryFindsAllEventsOfAJobAndNoOthers() {
    FakeServices fakes =
        new FakeServices()
            .with("CALLBACK_MAX_ATTEMPTS", "2")
            .with("CALLBACK_GIVE_UP_AFTER_SECONDS", "0");
    fakes.upstream = _ -> FakeServices.failed("http-503");
    fakes.receiver = _ -> FakeServices.undelivered("http-500", null);
    fakes.answer(request("other"));
    fakes.answer(request("api-id"));
    fakes.upstream = _ -> new Signed("signature");
    for (int step = 0; step < fakes.sent.size(); step++) {
      QueueBatch.of(fakes.sent.get(step).job()).failed(fakes);
    }
    List<JsonNode> lines = new ArrayList<>(new AllLogEvents("function", fakes.log).lines());
    lines.addFirst(accessLog("other"));
    lines.addFirst(accessLog("api-id"));

    assertThat(found(lines, Map.of("id", FakeServices.id(2), "apiRequestId", "api-id")))
        .containsExactly(
            "api request",
            "signing attempt 1 http-503 requeue",
            "signing attempt 2 signed deliver",
            "callback attempt 1 http-500 requeue",
            "callback attempt 2 http-500 dead-letter callback-exhausted");
  }

  /** A line of API Gateway's access log. */
  private static JsonNode accessLog(String apiRequestId) {
    Map<String, Object> settings = map(Template.read().properties("Api").get("AccessLogSettings"));
    List<?> format = (List<?>) map(settings.get("Format")).get("Fn::Sub");
    JsonNode line =
        LogAssertions.json(((String) format.getFirst()).replace("${ClientAddress}", ""));
    return ((ObjectNode) line).put("apiRequestId", apiRequestId);
  }

  private List<String> found(List<JsonNode> lines, Map<String, String> values) {
    return lines.stream()
        .filter(
            line ->
                filtered.stream()
                    .anyMatch(field -> line.path(field).asText().equals(values.get(field))))
        .map(
            line ->
                List.of("event", "attempt", "outcome", "decision", "reason").stream()
                    .filter(selected::contains)
                    .map(field -> line.path(field).asText())
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(" ")))
        .toList();
  }

  private static ObjectNode request(String apiRequestId) {
    ObjectNode event =
        Json.object().put("rawQueryString", "message=hello&callback_url=https://receiver.example/");
    event.putObject("requestContext").put("requestId", apiRequestId);
    return event;
  }
}
