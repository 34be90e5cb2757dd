package dev.signrelay;

import static dev.signrelay.testing.HostileText.CASES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LocalContext;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.time.SystemTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Events of every kind, to RetryFunction: it reports on each record, or fails the batch whole. */
final class AnyBatchEventTest {

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyEventIsReportedOnOrFailsWhole(@ForAll("events") List<String> events) {
    var fakes = new FakeServices();
    var handler = new RetryHandler(fakes.services());
    var context = LocalContext.of("RetryFunction", Duration.ofSeconds(30), new SystemTime());
    for (String event : events) {
      fakes.log.clear();
      var answer = new ByteArrayOutputStream();
      try {
        handler.handleRequest(
            new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, context);
        reportsOnWhatItLogged(fakes, LogAssertions.json(answer.toString(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        assertThat(e).hasMessage("the event is not JSON");
        assertThat(answer.size()).isZero();
      }
    }
  }

  /** None of the records is a job, so that each is failed and logged. */
  private static void reportsOnWhatItLogged(FakeServices fakes, JsonNode report) {
    assertThat(report.size()).isEqualTo(1);
    JsonNode failures = report.path("batchItemFailures");
    assertThat(failures.isArray()).isTrue();
    assertThat(failures).allMatch(f -> f.size() == 1 && f.path("itemIdentifier").isTextual());
    assertThat(fakes.log)
        .hasSameSizeAs(failures)
        .allMatch(line -> line.name().equals("malformed queue message"));
    LogAssertions.isOneLineEach(fakes.log);
  }

  @Provide
  Arbitrary<List<String>> events() {
    Arbitrary<String> values =
        Arbitraries.oneOf(
            HostileText.any()
                .map(text -> Json.write(Json.object().put("t", text)))
                .map(object -> object.substring(5, object.length() - 1)),
            Arbitraries.of("null", "1", "9e999", "true", "[]", "{}", "\"{}\"", "[[1]]"));
    Arbitrary<String> messages =
        Combinators.combine(values, values).as("{\"messageId\":%s,\"body\":%s}"::formatted);
    Arbitrary<String> records =
        Arbitraries.oneOf(
            messages, messages.list().ofMaxSize(3).map(several -> several.toString()), values);
    Arbitrary<String> batches = records.map("{\"Records\":%s}"::formatted);
    return Arbitraries.oneOf(batches, HostileText.damaged(batches), values, HostileText.any())
        .list()
        .ofSize(CASES);
  }
}
