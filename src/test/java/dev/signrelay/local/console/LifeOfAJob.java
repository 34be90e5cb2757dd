package dev.signrelay.local.console;

import dev.signrelay.local.console.RecordedRun.Event;
import dev.signrelay.local.console.RecordedRun.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What was sent for a job, and how long it waited in between, from the events of a run. */
final class LifeOfAJob {

  /** A request or a response; a wait, if it is from and to the same. Times in seconds. */
  private record Step(double at, String from, String to, String text, String kind) {
    Map<String, Object> values() {
      return Map.of("at", at, "from", from, "to", to, "text", text, "kind", kind);
    }
  }

  private static final String RELAY = "SignRelay";

  private final Request request;
  private final List<Step> steps = new ArrayList<>();

  private LifeOfAJob(Request request) {
    this.request = request;
  }

  /** The steps of the job of a request, in order, as the page {@code job.html} draws them. */
  static List<Map<String, Object>> steps(RecordedRun run, Request request) {
    var job = new LifeOfAJob(request);
    job.add(request.start(), "Client", RELAY, "request", "quiet");
    job.add(
        request.end(),
        RELAY,
        "Client",
        "%d, %s".formatted(request.status(), request.signStatus()),
        "quiet");
    run.events().stream().filter(event -> event.isOf(request.id())).forEach(job::add);
    return job.steps.stream()
        .sorted(Comparator.comparingDouble(Step::at))
        .map(Step::values)
        .toList();
  }

  private void add(Event event) {
    switch (event.event().name()) {
      case "signing attempt" -> exchange(event, "Upstream", "call ", "signed");
      case "callback attempt" -> exchange(event, "Receiver", "callback ", "http-204");
      default -> {}
    }
  }

  private void exchange(Event event, String other, String what, String success) {
    String outcome = event.field("outcome");
    Instant start = event.at().minusMillis((long) event.number("millis"));
    add(start, RELAY, other, what + event.field("attempt"), "quiet");
    add(event.at(), other, RELAY, outcome, outcome.equals(success) ? "good" : "bad");
    if (event.field("decision").equals("requeue")) {
      String wait = "waits at least %.1f s in its queue".formatted(event.number("delaySeconds"));
      add(latest(event.at(), request.end()).plusMillis(1), RELAY, RELAY, wait, "wait");
    }
  }

  /** The first wait begins before the client has its answer, and is drawn after it. */
  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private void add(Instant at, String from, String to, String text, String kind) {
    double seconds = Duration.between(request.start(), at).toMillis() / 1000.0;
    steps.add(new Step(Math.max(0, seconds), from, to, text, kind));
  }
}
