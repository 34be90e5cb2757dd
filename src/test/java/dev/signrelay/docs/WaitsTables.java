package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.policy.RetryPolicy;
import dev.signrelay.testing.TestEnvironment;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of docs/receivers.md: what the policy does with the default settings. */
final class WaitsTables {

  private static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://receiver.example/"), BEGIN);
  private static final NeedsSignature UNSIGNED = NeedsSignature.first(ACCEPTANCE, "message");
  private static final NeedsCallback SIGNED =
      new NeedsCallback(ACCEPTANCE, "signature", 1, null, BEGIN, 1);

  private static final Path PAGE = Path.of("docs/receivers.md");
  private static final RetryPolicy POLICY = TestEnvironment.config(Map.of()).retryPolicy();
  private static final double ALMOST_ONE = Math.nextDown(1.0);

  /** How many of the attempts have a row of their own: after them, all waits are the same. */
  private static final int ROWS = 11;

  /**
   * The attempts of a job that all fail, at once.
   *
   * @param times of the attempts, since the first
   * @param messages until each attempt: a wait of more than 900 s takes several
   */
  private record Course(List<Duration> times, List<Integer> messages) {

    Duration wait(int attempt) {
      return times.get(attempt - 1).minus(times.get(attempt - 2));
    }

    Duration time(int attempt) {
      return times.get(attempt - 1);
    }

    /** The attempts within a time, without the first. */
    int retriesWithin(Duration time) {
      return (int) times.stream().filter(at -> at.compareTo(time) <= 0).count() - 1;
    }

    int messagesWithin(Duration time) {
      return messages.get(retriesWithin(time));
    }
  }

  private WaitsTables() {}

  static GeneratedTable attempts() {
    Course[] deliveries = {course(SIGNED, 0), course(SIGNED, ALMOST_ONE)};
    Course[] calls = {course(UNSIGNED, 0), course(UNSIGNED, ALMOST_ONE)};
    var rows = new HashMap<String, List<String>>();
    for (int n = 2; n <= ROWS; n++) {
      rows.put(
          "" + n,
          List.of(
              range(deliveries[0].wait(n), deliveries[1].wait(n)),
              range(deliveries[0].time(n), deliveries[1].time(n)),
              range(calls[0].wait(n), calls[1].wait(n)),
              range(calls[0].time(n), calls[1].time(n))));
    }
    rows.put("each further", List.of(further(deliveries), "", further(calls), ""));
    rows.put("the last", List.of(number(deliveries), last(deliveries), number(calls), last(calls)));
    return new GeneratedTable(
        PAGE,
        "| attempt | wait for a delivery | since the signature | wait for a call | since the request"
            + " |",
        rows);
  }

  static GeneratedTable day() {
    Duration day = Duration.ofDays(1);
    Course delivery = course(SIGNED, 0.5);
    Course call = course(UNSIGNED, 0.5);
    return new GeneratedTable(
        PAGE,
        "| a job takes, in a day | receiver down | upstream down |",
        Map.of(
            "attempts", List.of("" + delivery.retriesWithin(day), "" + call.retriesWithin(day)),
            "messages", List.of("" + delivery.messagesWithin(day), "" + call.messagesWithin(day))));
  }

  /** The delays do not differ any more. */
  private static String further(Course... courses) {
    Duration wait = courses[0].wait(ROWS + 1);
    for (Course course : courses) {
      for (int n = ROWS + 1; n <= course.times().size(); n++) {
        assertThat(course.wait(n)).isEqualTo(wait);
      }
    }
    return text(wait);
  }

  /** More jitter means fewer attempts. */
  private static String number(Course... courses) {
    return "%d to %d attempts".formatted(courses[1].times().size(), courses[0].times().size());
  }

  private static String last(Course... courses) {
    return range(courses[0].times().getLast(), courses[1].times().getLast());
  }

  private static Course course(Job first, double random) {
    var times = new ArrayList<>(List.of(Duration.ZERO));
    var messages = new ArrayList<>(List.of(0));
    Instant now = BEGIN;
    int sent = 0;
    Job job = first;
    while (decide(job, now, random) instanceof Requeue requeue) {
      sent++;
      now = now.plus(requeue.delay());
      var further = POLICY.waitUntilDue(requeue.job(), now);
      while (further.isPresent()) {
        sent++;
        now = now.plus(further.get().delay());
        further = POLICY.waitUntilDue(further.get().job(), now);
      }
      job = requeue.job();
      times.add(Duration.between(BEGIN, now));
      messages.add(sent);
    }
    assertThat(decide(job, now, random)).isInstanceOf(DeadLetter.class);
    return new Course(times, messages);
  }

  private static RetryDecision decide(Job job, Instant now, double random) {
    return switch (job) {
      case NeedsSignature unsigned ->
          POLICY.afterSigning(
              unsigned, new Called(new Failed("http-503", null), now, now), now, random);
      case NeedsCallback signed ->
          POLICY.afterDelivery(signed, new Undelivered("http-503", null), now, random);
    };
  }

  private static String range(Duration from, Duration to) {
    String low = text(from);
    String high = text(to);
    String unit = high.substring(high.indexOf(' '));
    return low.equals(high)
        ? low
        : (low.endsWith(unit) ? low.substring(0, low.indexOf(' ')) : low) + " to " + high;
  }

  private static String text(Duration duration) {
    double seconds = duration.plusMillis(1).toSeconds();
    if (seconds < 120) {
      return "%.0f s".formatted(seconds);
    }
    return seconds < 7_200
        ? "%.0f min".formatted(seconds / 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3_600).replace(".0 h", " h");
  }
}
