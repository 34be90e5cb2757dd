package dev.signrelay.local.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.local.history.Histories.Changes;
import dev.signrelay.local.history.Histories.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HistoriesTest {

  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final List<JobEvent> kept = new ArrayList<>();
  private final Histories histories = new Histories(() -> START, kept::add);

  @Test
  void theStateAfterARedriveIsTheSameInEveryOrderOfEvents() throws Exception {
    List<JobEvent> events =
        List.of(
            at(0, "request", Map.of("signStatus", "queued", "status", 200, "message", "m")),
            at(1, "signing attempt", Map.of("decision", "requeue", "delaySeconds", 1)),
            at(
                2,
                "signing attempt",
                Map.of("decision", "dead-letter", "reason", "signing-exhausted")),
            at(3, "redriven", Map.of()),
            at(4, "signing attempt", Map.of("decision", "deliver", "outcome", "signed")),
            at(5, "callback arrived", Map.of("status", 204)),
            at(6, "callback attempt", Map.of("decision", "complete", "outcome", "http-204")));
    Set<String> jobs = new HashSet<>();
    int[] orders = {0};

    permute(
        new ArrayList<>(events),
        0,
        order -> {
          JobHistory job = JobHistory.first(1, order.getFirst(), false);
          for (JobEvent event : order.subList(1, order.size())) {
            job = job.with(event, false);
          }
          jobs.add(job.json().toString());
          orders[0]++;
        });

    assertThat(orders[0]).isEqualTo(5_040);
    assertThat(jobs).singleElement().asString().contains("\"label\":\"Delivered\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0, Waiting, waiting",
    "1, Signing, signing",
    "2, Failed, failed",
    "3, Waiting, waiting",
    "4, Delivering, delivering",
    "5, Delivering, delivering",
    "6, Expired, expired"
  })
  void theStateFollowsFromTheLatestEvent(int last, String label, String state) throws Exception {
    List<JobEvent> events =
        List.of(
            at(0, "request", Map.of("signStatus", "queued")),
            at(1, "signing attempt", Map.of("decision", "requeue", "delaySeconds", 1)),
            at(
                2,
                "signing attempt",
                Map.of("decision", "dead-letter", "reason", "signing-exhausted")),
            at(3, "redriven", Map.of()),
            at(4, "signing attempt", Map.of("decision", "deliver")),
            at(5, "callback attempt", Map.of("decision", "requeue", "delaySeconds", 1)),
            at(6, "expired", Map.of("decision", "dead-letter", "reason", "expired")));

    events.subList(0, last + 1).reversed().forEach(histories::add);

    ObjectNode job = all().jobs().getFirst();
    assertThat(job.path("label").asText()).isEqualTo(label);
    assertThat(job.path("state").asText()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({
    "signed, 200, Signed",
    "unsigned, 200, Unsigned",
    "unsigned, 503, Unsigned",
    "rejected, 200, Rejected",
    "unsigned, 409, Refused",
    "unsigned, 429, Refused",
    "rejected, 400, Refused",
    "rejected, 401, Refused"
  })
  void aRequestThatLeavesNoJobHasAStateOfItsOwn(String signStatus, int status, String label)
      throws Exception {
    histories.add(at(1, "signing attempt", Map.of("decision", "answer", "outcome", "timeout")));
    histories.add(at(0, "request", Map.of("signStatus", signStatus, "status", status)));

    ObjectNode job = all().jobs().getFirst();
    assertThat(job.path("label").asText()).isEqualTo(label);
    assertThat(job.path("state").asText()).isEqualTo(label.toLowerCase(Locale.ROOT));
    assertThat(job.path("over").asBoolean()).isTrue();
  }

  /** As in its record. */
  @Test
  void aJobInLineIsWaitingUntilItsFirstCallAndSigningAfterIt() throws Exception {
    Map<String, Object> joins = Map.of("decision", "wait-in-line");
    histories.add(at(0, "request", Map.of("signStatus", "queued")));
    histories.add(at(1, "rate limited", joins));
    assertThat(all().jobs().getFirst().path("state").asText()).isEqualTo("waiting");

    histories.add(at(2, "signing attempt", Map.of("decision", "requeue", "delaySeconds", 1)));
    histories.add(at(3, "rate limited", joins));

    assertThat(all().jobs().getFirst().path("state").asText()).isEqualTo("signing");
    assertThat(all().line()).containsExactly("a");
  }

  @Test
  void aJobThatIsRedrivenAfterItsDeliveriesFailedIsDelivering() throws Exception {
    Map<String, Object> dies = Map.of("decision", "dead-letter", "reason", "callback-gone");
    histories.add(at(0, "callback attempt", dies));
    histories.add(at(1, "redriven", Map.of()));

    assertThat(all().jobs().getFirst().path("state").asText()).isEqualTo("delivering");
  }

  @Test
  void aRepeatedRequestDoesNotChangeTheState() throws Exception {
    histories.add(at(0, "request", Map.of("signStatus", "queued", "message", "first")));
    histories.add(at(1, "callback attempt", Map.of("decision", "complete")));
    histories.add(at(2, "request", Map.of("signStatus", "signed", "message", "again")));

    ObjectNode job = all().jobs().getFirst();
    assertThat(job.path("label").asText()).isEqualTo("Delivered");
    assertThat(job.path("message").asText()).isEqualTo("first");
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

  @Test
  void clearingRemovesOnlyWhatIsOver() throws Exception {
    histories.add(of("dead", "signing attempt", "dead-letter"));
    histories.add(of("waiting", "signing attempt", "requeue"));
    histories.add(of("delivered", "callback attempt", "complete"));
    Version before = all().version();

    histories.clear();

    assertThat(histories.after(before, SHORT).known()).containsExactly("dead", "waiting");
    assertThat(kept.getLast().name()).isEqualTo(JobEvent.CLEARED);
  }

  @Test
  void aDeadLetterThatWasRemovedIsMarkedWithItsReasonAndCleared() throws Exception {
    histories.add(at(0, "signing attempt", Map.of("decision", "dead-letter", "reason", "why")));
    histories.add(of("expired", "expired", "dead-letter"));
    histories.add(of("waiting", "signing attempt", "requeue"));
    assertThat(histories.deadLetters()).containsExactlyInAnyOrder("a", "expired");

    histories.removed(Set.of("a", "waiting", "unknown"));

    ObjectNode job = all().jobs().getLast();
    assertThat(job.path("label").asText()).isEqualTo("Lost");
    assertThat(job.path("reason").asText()).isEqualTo("why");
    assertThat(histories.deadLetters()).containsExactly("expired");
    histories.clear();
    assertThat(all().known()).containsExactly("expired", "waiting");
  }

  /** It was redriven by another tool, and not purged. */
  @Test
  void aRemovedDeadLetterThatContinuesIsAJobAgain() throws Exception {
    histories.add(at(-2, "signing attempt", Map.of("decision", "dead-letter")));
    histories.removed(Set.of("a"));
    histories.add(at(1, "signing attempt", Map.of("decision", "deliver")));

    assertThat(all().jobs().getFirst().path("state").asText()).isEqualTo("delivering");
  }

  @Test
  void aReaderGetsOnlyTheJobsThatChanged() throws Exception {
    histories.add(of("a", "signing attempt", "requeue"));
    histories.add(of("b", "signing attempt", "requeue"));
    Changes first = all();
    assertThat(first.known()).containsExactly("a", "b");

    histories.add(of("a", "signing attempt", "deliver"));
    histories.add(of("a", "callback attempt", "complete"));

    Changes next = histories.after(first.version(), LONG);
    assertThat(next.known()).isNull();
    assertThat(ids(next)).containsExactly("a");
    assertThat(histories.after(next.version(), SHORT).jobs()).isEmpty();
  }

  @Test
  void aWaitingReaderIsNotifiedOfAnEvent() throws Exception {
    var received = new CompletableFuture<Changes>();
    Version nothing = all().version();
    Thread.startVirtualThread(
        () -> {
          try {
            received.complete(histories.after(nothing, LONG));
          } catch (InterruptedException e) {
            received.completeExceptionally(e);
          }
        });

    histories.add(of("a", "signing attempt", "requeue"));

    assertThat(ids(received.get(1, TimeUnit.MINUTES))).containsExactly("a");
  }

  @Test
  void jobsAreInLineInTheOrderInWhichTheyJoinedItUntilTheirAttempts() throws Exception {
    Map<String, Object> joins = Map.of("decision", "wait-in-line");
    histories.add(JobEvent.of("second", START.minusMillis(2), "rate limited", joins));
    histories.add(JobEvent.of("first", START.minusMillis(3), "rate limited", joins));
    histories.add(JobEvent.of("third", START, "rate limited", joins));
    histories.add(of("second", "rate limited", "stay-in-line"));
    assertThat(all().line()).containsExactly("first", "second", "third");

    histories.add(of("first", "signing attempt", "deliver"));

    assertThat(all().line()).containsExactly("second", "third");
  }

  @Test
  void aJobOfAFormerRunIsLostUnlessItWasOver() throws Exception {
    histories.load(of("waiting", "signing attempt", "requeue"));
    histories.load(of("dead", "signing attempt", "dead-letter"));
    histories.load(of("delivered", "callback attempt", "complete"));

    assertThat(all().jobs())
        .extracting(job -> job.path("state").asText())
        .containsExactly("lost", "lost", "delivered");
    assertThat(all().jobs()).allMatch(job -> job.path("over").asBoolean());
    assertThat(kept).isEmpty();
  }

  @Test
  void aRequestToTheInboxDoesNotMakeAJobOfAFormerRunOneOfThisRun() throws Exception {
    histories.load(of("a", "signing attempt", "requeue"));

    histories.add(
        new ArrivedCallback("POST", "/inbox", Map.of("webhook-id", "a"), "{}", "", 204)
            .event(START));
    assertThat(all().jobs()).allMatch(job -> job.path("formerRun").asBoolean());
    assertThat(all().jobs()).allMatch(job -> job.path("state").asText().equals("lost"));

    histories.add(of("a", "signing attempt", "requeue"));
    assertThat(all().jobs()).noneMatch(job -> job.path("formerRun").asBoolean());
  }

  @Test
  void aRequestToTheInboxIsKeptUpToALength() {
    String tooLong = "x".repeat(60_000);
    Map<String, String> headers = Map.of("webhook-id", "a", "X-Long", tooLong, "x-longer", tooLong);

    JobEvent event =
        new ArrivedCallback("POST", "/" + tooLong, headers, tooLong, "", 204).event(START);

    assertThat(event.line()).hasSizeLessThan(100_000);
  }

  @Test
  void aRequestToTheInboxIsADuplicateOnceAnotherWithItsIdWasAccepted() throws Exception {
    histories.add(of("a", "signing attempt", "deliver"));
    for (int status : new int[] {500, 204, 204}) {
      histories.add(
          new ArrivedCallback("POST", "/inbox", Map.of("webhook-id", "a"), "{}", "true", status)
              .event(START));
    }
    histories.add(new ArrivedCallback("POST", "/x", Map.of(), "", "false", 204).event(START));

    assertThat(all().deliveries())
        .extracting(d -> d.path("repeats").asInt() + " " + d.path("duplicate").asBoolean())
        .containsExactly("0 false", "1 false", "2 true", "0 false");
    assertThat(ids(all())).containsExactly("a");
  }

  @Test
  void aJobWithVeryManyEventsKeepsItsFirstAndItsNewest() {
    JobHistory job = JobHistory.first(1, at(0, "request", Map.of("message", "m")), false);
    for (int i = 1; i <= 2 * JobHistory.MAX_EVENTS; i++) {
      job = job.with(at(i, "signing attempt", Map.of("decision", "requeue")), false);
    }

    assertThat(job.events()).hasSize(JobHistory.MAX_EVENTS);
    assertThat(job.request()).isPresent();
    assertThat(job.events().getLast().at()).isEqualTo(START.plusMillis(2L * JobHistory.MAX_EVENTS));
  }

  private Changes all() throws InterruptedException {
    return histories.after(Version.NONE, SHORT);
  }

  private static List<String> ids(Changes changes) {
    return changes.jobs().stream().map(job -> job.path("id")).map(JsonNode::asText).toList();
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
