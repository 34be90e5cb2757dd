package dev.signrelay.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.attempt.CallSource;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.DeadMessage;
import dev.signrelay.testing.SimulatedTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each job's message says how many milliseconds its call takes. */
final class RunningStepsTest {

  private static final Instant NOW = FakeServices.START;
  private static final Duration TIME = Duration.ofSeconds(30);

  private final SimulatedTime time = new SimulatedTime();
  private final FakeServices fakes = new FakeServices(time);
  private final List<List<String>> acknowledged = new ArrayList<>();
  private final List<List<String>> released = new ArrayList<>();
  private final Map<String, Instant> ended = new ConcurrentHashMap<>();

  private final RunningSteps.Messages messages =
      new RunningSteps.Messages() {
        @Override
        public void acknowledge(List<ReceivedMessage> done) {
          acknowledged.add(done.stream().map(ReceivedMessage::id).toList());
        }

        @Override
        public void release(List<ReceivedMessage> staying) {
          released.add(staying.stream().map(ReceivedMessage::id).toList());
        }
      };

  RunningStepsTest() {
    fakes.upstream = this::call;
  }

  private SigningOutcome call(String millis) {
    time.sleepUntil(time.instant().plusMillis(Long.parseLong(millis)));
    return new Signed("signature");
  }

  /** 50 ms in RetryFunction, where the sender waits; half a second for jobs that have waited. */
  @ParameterizedTest
  @CsvSource({
    "false, '0,0,50', 3",
    "false, '0,51,51', 1;2",
    "false, '0,40,80', 2;1",
    "true, '0,0,500', 3",
    "true, '0,501,501', 1;2",
  })
  void jobsOfStepsThatCompleteSoonAfterTheFirstShareARequest(
      boolean inLine, String millis, String batches) {
    run(inLine, millis.split(","));

    assertThat(fakes.batches).hasToString("[" + batches.replace(";", ", ") + "]");
    assertThat(acknowledged.stream().mapToInt(List::size)).containsExactlyElementsOf(fakes.batches);
  }

  @Test
  void theLastJobWaitsForNoOther() {
    run(false, "0", "0");

    assertThat(time.instant()).isEqualTo(NOW);
    assertThat(fakes.batches).containsExactly(2);
  }

  @Test
  void aRequestHasAtMostTenJobs() {
    run(false, new String[25]);

    assertThat(fakes.batches).containsExactly(10, 10, 5);
    assertThat(acknowledged).extracting(List::size).containsExactly(10, 10, 5);
  }

  /** A step that hangs delays no other. */
  @Test
  void aStepIsHandledWhileOthersRun() {
    run(false, "0", "20000");

    assertThat(ended.get("message-0")).isEqualTo(NOW);
    assertThat(acknowledged).containsExactly(List.of("message-0"), List.of("message-1"));
    assertThat(fakes.batches).containsExactly(1, 1);
  }

  @Test
  void aJobThatIsDoneIsAcknowledgedBeforeOthersAreSent() {
    fakes.upstream = millis -> millis.equals("7") ? new Rejected("http-400") : call(millis);
    var before = new ArrayList<List<String>>();
    fakes.refused =
        _ -> {
          before.addAll(acknowledged);
          return false;
        };

    run(false, "7", "0");

    assertThat(before).containsExactly(List.of("message-0"));
    assertThat(acknowledged).containsExactly(List.of("message-0"), List.of("message-1"));
  }

  @Test
  void aJobThatTheQueueDidNotStoreLeavesItsMessage() {
    fakes.refused = job -> job.id().equals("job-1");

    run(false, "0", "0", "0");

    assertThat(acknowledged).containsExactly(List.of("message-0", "message-2"));
    assertThat(fakes.log)
        .filteredOn(event -> event.level() == Level.ERROR)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.fields()).containsEntry("id", "job-1");
              assertThat(event.measurements()).containsEntry(Metric.QUEUE_UNAVAILABLE, 1);
            });
  }

  @Test
  void aJobThatIsGrantedNoCallIsReleasedIfItIsInLineAndJoinsItOtherwise() {
    fakes.limiter.wait = Duration.ofSeconds(60);

    run(true, "0", "0");

    assertThat(released).containsExactly(List.of("message-0", "message-1"));
    assertThat(acknowledged).isEmpty();
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.log)
        .hasSize(2)
        .allSatisfy(event -> assertThat(event.fields()).containsEntry("decision", "stay-in-line"));

    run(false, "0");
    assertThat(acknowledged).containsExactly(List.of("message-0"));
    assertThat(fakes.sent).extracting(FakeServices.Sent::queue).containsExactly(JobQueue.LINE);
  }

  @Test
  void anUnexpectedFailureLeavesItsMessageAndEndsItsStep() {
    fakes.upstream = millis -> millis.equals("7") ? fail() : call(millis);

    run(false, "7", "0");

    assertThat(ended).containsOnlyKeys("message-0", "message-1");
    assertThat(acknowledged).containsExactly(List.of("message-1"));
    assertThat(fakes.log).extracting(LogEvent::name).contains("unexpected failure");
  }

  private static SigningOutcome fail() {
    throw new IllegalStateException("SECRET");
  }

  @Test
  void whatIsNotCompleteAtTheDeadlineIsLeft() {
    run(false, "0", "40000");

    assertThat(acknowledged).containsExactly(List.of("message-0"));
  }

  @Test
  void aMessageThatIsNotAJobIsDeadLetteredWithItsReasonAndAcknowledged() {
    assertThat(decode("SECRET")).isFalse();

    assertThat(fakes.deadMessages).containsExactly(new DeadMessage("SECRET", "it is not JSON"));
    assertThat(acknowledged).containsExactly(List.of("a"));
    assertThat(fakes.log)
        .containsExactly(
            LogEvent.of(Level.ERROR, "malformed queue message")
                .with("queueMessageId", "a")
                .with("error", "it is not JSON")
                .counted(Metric.DEAD_LETTER_MALFORMED));
  }

  @Test
  void aMessageThatIsNotAJobStaysInItsQueueIfTheDeadLetterIsNotStored() {
    fakes.queueIsDown = true;

    assertThat(decode("SECRET")).isFalse();

    assertThat(acknowledged).isEmpty();
    assertThat(fakes.log)
        .singleElement()
        .satisfies(
            event -> assertThat(event.measurements()).containsOnlyKeys(Metric.QUEUE_UNAVAILABLE));
  }

  @Test
  void aRedrivenJobBeginsAnew() {
    NeedsSignature old = new NeedsSignature(job(1, "0").acceptance(), "0", 20, NOW.plusSeconds(9));
    var message = new ReceivedMessage("a", "", JobCodec.encode(old), true);

    assertThat(steps(false).decode(message)).contains(old.fresh(NOW));
    assertThat(steps(false).decode(new ReceivedMessage("a", "", message.body(), false)))
        .contains(old);
  }

  private boolean decode(String body) {
    return steps(false).decode(new ReceivedMessage("a", "", body, false)).isPresent();
  }

  private RunningSteps steps(boolean inLine) {
    return new RunningSteps(fakes.services(), inLine, time.instant().plus(TIME), messages);
  }

  /**
   * Starts a step for each job and handles all.
   *
   * @param millis the durations of their calls; null: none
   */
  private void run(boolean inLine, String... millis) {
    CallSource calls = timeout -> fakes.limiter.acquire(Duration.ZERO, timeout);
    var _ =
        time.run(
            () -> {
              try (RunningSteps steps = steps(inLine)) {
                for (int i = 0; i < millis.length; i++) {
                  Job job = job(i, millis[i] == null ? "0" : millis[i]);
                  String id = "message-" + i;
                  var message = new ReceivedMessage(id, "", JobCodec.encode(job), false);
                  steps.start(
                      message,
                      job,
                      time.instant().plus(TIME),
                      calls,
                      () -> ended.put(id, time.instant()));
                }
                while (steps.running() > 0 && steps.handle(TIME)) {
                  // Until all are handled, or time is over.
                }
                return steps.running();
              }
            });
  }

  private static NeedsSignature job(int n, String millis) {
    return NeedsSignature.first(
        new Acceptance("job-" + n, URI.create("https://receiver.example/in"), NOW), millis);
  }
}
