package dev.signrelay.local.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HistoriesTest {

  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final Map<String, Object> JOINS = Map.of("decision", "wait-in-line");
  private static final Map<String, Object> WAITS = Map.of("decision", "requeue", "delaySeconds", 1);

  private static final List<JobEvent> LIFE =
      List.of(
          request(0, "queued", 200),
          at(1, "signing attempt", WAITS),
          at(2, "signing attempt", Map.of("decision", "dead-letter", "reason", "why")),
          at(3, "redriven", Map.of()),
          at(4, "signing attempt", Map.of("decision", "deliver")),
          at(5, "callback attempt", WAITS),
          at(6, "callback attempt", Map.of("decision", "complete")),
          at(7, "expired", Map.of("decision", "dead-letter", "reason", "expired")));

  private final List<JobEvent> kept = new ArrayList<>();
  private final Histories histories = new Histories(() -> START, kept::add);

  @Test
  void theStateIsTheSameInEveryOrderOfEvents() {
    Set<String> jobs = new HashSet<>();

    permute(
        new ArrayList<>(LIFE.subList(0, 7)),
        0,
        order -> {
          JobHistory job = JobHistory.first(1, order.getFirst(), false);
          for (JobEvent event : order.subList(1, order.size())) {
            job = job.with(event, false);
          }
          jobs.add(job.json().toString());
        });

    assertThat(jobs).singleElement().asString().contains("\"state\":\"delivered\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0, waiting",
    "1, signing",
    "2, failed",
    "3, waiting",
    "4, delivering",
    "5, delivering",
    "6, delivered",
    "7, expired"
  })
  void theStateFollowsFromTheLatestEvent(int last, String state) throws Exception {
    LIFE.subList(0, last + 1).reversed().forEach(histories::add);

    assertThat(state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({
    "signed, 200, signed",
    "unsigned, 200, unsigned",
    "unsigned, 503, unsigned",
    "rejected, 200, rejected",
    "unsigned, 409, refused",
    "rejected, 401, refused"
  })
  void aRequestThatLeavesNoJobHasAStateOfItsOwn(String signStatus, int status, String state)
      throws Exception {
    histories.add(at(1, "signing attempt", Map.of("decision", "answer", "outcome", "timeout")));
    histories.add(request(0, signStatus, status));

    assertThat(state()).isEqualTo(state);
    assertThat(job().path("over").asBoolean()).isTrue();
  }

  /** As in its record. */
  @Test
  void aJobInLineIsWaitingUntilItsFirstCallAndSigningAfterIt() throws Exception {
    histories.add(request(0, "queued", 200));
    histories.add(at(1, "rate limited", JOINS));
    histories.add(at(2, "rate limited", Map.of("decision", "stay-in-line")));
    assertThat(state()).isEqualTo("waiting");
    assertThat(job().path("inLineSince").asLong()).isEqualTo(START.toEpochMilli() + 1);

    histories.add(at(3, "signing attempt", WAITS));
    assertThat(job().path("inLineSince").isNull()).isTrue();
    histories.add(at(4, "rate limited", JOINS));

    assertThat(state()).isEqualTo("signing");
    assertThat(job().path("inLineSince").isNumber()).isTrue();
  }

  static Stream<Arguments> continuations() {
    JobEvent gone =
        at(0, "callback attempt", Map.of("decision", "dead-letter", "reason", "callback-gone"));
    return Stream.of(
        arguments("waiting", request(0, "queued", 200), request(1, "signed", 200)),
        arguments("waiting", request(0, "queued", 200), request(1, "unsigned", 409)),
        arguments("delivering", gone, at(1, "redriven", Map.of())),
        arguments("waiting", request(0, "queued", 200), at(1, "removed", Map.of())));
  }

  @ParameterizedTest
  @MethodSource("continuations")
  void theStateDependsOnWhatWasBefore(String state, JobEvent before, JobEvent event)
      throws Exception {
    histories.add(before);
    histories.add(event);

    assertThat(state()).isEqualTo(state);
  }

  @Test
  void aStepBeginsBeforeItsEventAndSaysWhenTheNextOneIsDue() throws Exception {
    Map<String, Object> fields =
        Map.of("millis", 1_520, "decision", "requeue", "delaySeconds", 2.5, "outcome", "http-503");
    histories.add(at(0, "signing attempt", fields));

    JsonNode step = job().path("steps").get(0);
    long at = START.toEpochMilli();
    assertThat(step.path("from").asLong()).isEqualTo(at - 1_520);
    assertThat(step.path("to").asLong()).isEqualTo(at);
    assertThat(step.path("due").asLong()).isEqualTo(at + 2_500);
    assertThat(step.path("outcome").asText()).isEqualTo("http-503");
  }

  /** In a file that was changed. */
  @ParameterizedTest
  @ValueSource(doubles = {1e300, -1e300, Double.NaN, Double.POSITIVE_INFINITY})
  void aStepWithAnImpossibleNumberHasTimes(double number) {
    Map<String, Object> fields =
        Map.of("decision", "requeue", "delaySeconds", number, "millis", number);

    for (String name : new String[] {"request", "signing attempt", "rate limited"}) {
      JobEvent event = JobEvent.of("a", Instant.parse("9999-12-31T23:59:59Z"), name, fields);
      JsonNode step = JobHistory.first(1, event, false).json().path("steps").get(0);
      assertThat(step.path("to").isNumber() && step.path("due").isNumber()).isTrue();
    }
  }

  @Test
  void jobsThatAreNotOverAreNeverDropped() throws Exception {
    histories.add(of("dead", "signing attempt", "dead-letter"));
    for (int i = 0; i < 501; i++) {
      histories.add(of("waiting " + i, "signing attempt", "requeue"));
    }
    for (int i = 0; i < 3 * Histories.MAX_OVER; i++) {
      histories.add(of("delivered " + i, "callback attempt", "complete"));
    }

    List<String> ids = ids(all());
    assertThat(ids).contains("dead", "waiting 0", "waiting 500", "delivered 5999");
    assertThat(ids).doesNotContain("delivered 0").hasSizeBetween(2_502, 2_602);
  }

  /** If it continues, it was redriven by another tool, and not purged. */
  @Test
  void aDeadLetterThatWasRemovedIsMarkedWithItsReasonUntilItContinuesOrIsCleared()
      throws Exception {
    histories.add(at(-2, "signing attempt", Map.of("decision", "dead-letter", "reason", "why")));
    histories.add(of("expired", "expired", "dead-letter"));
    histories.add(of("waiting", "signing attempt", "requeue"));
    assertThat(histories.deadLetters()).containsExactlyInAnyOrder("a", "expired");

    histories.removed(Set.of("a", "waiting", "unknown"));

    assertThat(state()).isEqualTo("lost");
    assertThat(job().path("reason").asText()).isEqualTo("why");
    assertThat(histories.deadLetters()).containsExactly("expired");
    long before = all().path("version").asLong();
    histories.clear();
    assertThat(histories.after(before, SHORT).path("known"))
        .extracting(JsonNode::asText)
        .containsExactly("expired", "waiting");
    assertThat(kept.getLast().name()).isEqualTo(JobEvent.CLEARED);
    histories.removed(Set.of("expired"));
    histories.add(JobEvent.of("expired", START.plusMillis(1), "signing attempt", WAITS));
    assertThat(state()).isEqualTo("signing");
  }

  @Test
  void aReaderGetsOnlyTheJobsThatChanged() throws Exception {
    histories.add(of("a", "signing attempt", "requeue"));
    histories.add(of("b", "signing attempt", "requeue"));
    ObjectNode first = all();
    assertThat(first.path("known")).extracting(JsonNode::asText).containsExactly("a", "b");

    histories.add(of("a", "signing attempt", "deliver"));
    histories.add(of("a", "callback attempt", "complete"));

    ObjectNode next = histories.after(first.path("version").asLong(), LONG);
    assertThat(next.has("known")).isFalse();
    assertThat(ids(next)).containsExactly("a");
    assertThat(ids(histories.after(next.path("version").asLong(), SHORT))).isEmpty();
  }

  @Test
  void aWaitingReaderIsNotifiedOfAnEvent() throws Exception {
    long nothing = all().path("version").asLong();
    var received = new FutureTask<>(() -> histories.after(nothing, LONG));
    Thread.startVirtualThread(received);

    histories.add(of("a", "signing attempt", "requeue"));

    assertThat(ids(received.get(1, TimeUnit.MINUTES))).containsExactly("a");
  }

  @Test
  void aJobOfAFormerRunIsLostUnlessItWasOver() throws Exception {
    histories.load(of("waiting", "signing attempt", "requeue"));
    histories.load(of("dead", "signing attempt", "dead-letter"));
    histories.load(of("delivered", "callback attempt", "complete"));

    assertThat(all().path("jobs"))
        .extracting(job -> job.path("state").asText())
        .containsExactly("lost", "lost", "delivered");
    assertThat(all().path("jobs")).allMatch(job -> job.path("over").asBoolean());
    assertThat(kept).isEmpty();

    histories.add(of("waiting", "signing attempt", "requeue"));
    assertThat(job().path("formerRun").asBoolean()).isFalse();
  }

  @Test
  void aRequestToTheInboxChangesNoJob() throws Exception {
    histories.load(of("a", "signing attempt", "requeue"));
    var request = new RecordedExchange("POST", "/", Map.of("webhook-id", "a-failed"), "{}", 204);

    histories.add(request.callback("true", START));

    assertThat(job().path("steps")).hasSize(1);
    JsonNode delivery = all().path("deliveries").get(0);
    assertThat(delivery.path("job").asText()).isEqualTo("a");
    assertThat(delivery.path("number").asLong()).isPositive();
  }

  @Test
  void aJobWithVeryManyEventsKeepsItsFirstAndItsNewest() {
    JobHistory job = JobHistory.first(1, request(0, "queued", 200), false);
    for (int i = 1; i <= 2 * JobHistory.MAX_EVENTS; i++) {
      job = job.with(at(i, "signing attempt", Map.of("decision", "requeue")), false);
    }

    assertThat(job.events()).hasSize(JobHistory.MAX_EVENTS);
    assertThat(job.events().getFirst().name()).isEqualTo(JobEvent.REQUEST);
    assertThat(job.events().getLast().at()).isEqualTo(START.plusMillis(2L * JobHistory.MAX_EVENTS));
  }

  private ObjectNode all() throws InterruptedException {
    return histories.after(Histories.NOTHING, SHORT);
  }

  private JsonNode job() throws InterruptedException {
    return all().path("jobs").get(0);
  }

  private String state() throws InterruptedException {
    return job().path("state").asText();
  }

  private static List<String> ids(JsonNode changes) {
    return changes.path("jobs").valueStream().map(job -> job.path("id").asText()).toList();
  }

  private static JobEvent request(long millis, String signStatus, int status) {
    Map<String, Object> headers = Map.of("x-sign-status", signStatus);
    return at(millis, "request", Map.of("status", status, "answerHeaders", headers));
  }

  private static JobEvent at(long millis, String name, Map<String, ?> fields) {
    return JobEvent.of("a", START.plusMillis(millis), name, fields);
  }

  private static JobEvent of(String id, String name, String decision) {
    return JobEvent.of(id, START, name, Map.of("decision", decision));
  }

  private static void permute(List<JobEvent> events, int from, Consumer<List<JobEvent>> visitor) {
    if (from == events.size()) {
      visitor.accept(events);
    }
    for (int i = from; i < events.size(); i++) {
      Collections.swap(events, from, i);
      permute(events, from + 1, visitor);
      Collections.swap(events, from, i);
    }
  }
}
