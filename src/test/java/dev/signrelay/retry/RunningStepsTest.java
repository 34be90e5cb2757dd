package dev.signrelay.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.SimulatedTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each job's message says how many milliseconds its call takes. */
final class RunningStepsTest {

  private static final Instant NOW = FakeServices.START;
  private static final Duration TIME = Duration.ofSeconds(30);

  private final SimulatedTime time = new SimulatedTime();
  private final FakeServices fakes = new FakeServices(time);
  private final List<List<String>> acknowledged = new ArrayList<>();
  private final List<List<String>> released = new ArrayList<>();
  private final Map<String, Instant> ended = new ConcurrentHashMap<>();

  RunningStepsTest() {
    fakes.upstream = this::call;
  }

  private SigningOutcome call(String millis) {
    time.sleepUntil(time.instant().plusMillis(Long.parseLong(millis)));
    return new Signed("signature");
  }

  /** 100 ms in RetryFunction, where the sender waits; half a second for jobs that have waited. */
  @ParameterizedTest
  @CsvSource({
    "false, '0,0,100', 3",
    "false, '0,101,101', 1;2",
    "false, '0,90,180', 2;1",
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
  void aRequestHasAtMostTenJobsAndTheLastJobWaitsForNoOther() {
    run(false, Collections.nCopies(25, "0").toArray(String[]::new));

    assertThat(time.instant()).isEqualTo(NOW);
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aJobThatTheQueueDidNotStoreLeavesItsMessageWhichIsNotReleased(boolean inLine) {
    fakes.refused = job -> job.id().equals("job-1");

    run(inLine, "0", "0", "0");

    assertThat(acknowledged).containsExactly(List.of("message-0", "message-2"));
    assertThat(released).isEmpty();
  }

  @Test
  void jobsThatAreGrantedNoCallAreReleasedIfTheyAreInLineAndNotedOnceTheyJoinIt() {
    fakes.limiter.wait = Duration.ofSeconds(60);

    run(true, "0", "0");

    assertThat(released).containsExactly(List.of("message-0", "message-1"));
    assertThat(acknowledged).isEmpty();
    assertThat(fakes.sent).isEmpty();

    fakes.refused = job -> job.id().equals("job-1");
    run(false, "0", "0");
    assertThat(acknowledged).containsExactly(List.of("message-0"));
    assertThat(fakes.limiter.joined).isOne();
  }

  /** The last job may be started after it was asked whether steps run. */
  @Test
  void aStepThatIsStartedBeforeTheAnswerThatAllAreIsCarriedOut() {
    int left =
        time.run(
            () -> {
              RunningSteps steps = steps(false);
              var asked = new AtomicInteger();
              steps.carryOutAll(
                  () -> {
                    if (asked.getAndIncrement() == 0) {
                      start(steps, JobQueue.RETRY, 0, "20");
                    }
                    return true;
                  });
              return steps.running();
            });

    assertThat(left).isZero();
    assertThat(acknowledged).containsExactly(List.of("message-0"));
  }

  @Test
  void aThreadThatCannotBeStartedFailsItsStepAlone() {
    time.refuseThread(2);

    run(false, "0", "0", "0");

    assertThat(acknowledged).containsExactly(List.of("message-0", "message-2"));
    assertThat(ended).containsKeys("message-0", "message-1", "message-2");
    assertThat(fakes.log).extracting(LogEvent::name).contains("unexpected failure");
  }

  @Test
  void aResultForWhichNoThreadCanBeStartedIsCarriedOutAllTheSame() {
    time.refuseThread(2);

    run(false, "0");

    assertThat(acknowledged).containsExactly(List.of("message-0"));
  }

  /**
   * Starts a step for each job and handles all.
   *
   * @param millis the durations of their calls
   */
  private void run(boolean inLine, String... millis) {
    int left =
        time.run(
            () -> {
              RunningSteps steps = steps(inLine);
              for (int i = 0; i < millis.length; i++) {
                start(steps, inLine ? JobQueue.LINE : JobQueue.RETRY, i, millis[i]);
              }
              steps.carryOutAll(() -> true);
              return steps.running();
            });
    assertThat(left).isZero();
  }

  private RunningSteps steps(boolean inLine) {
    return new RunningSteps(
        fakes.services(),
        inLine,
        time.instant().plus(TIME),
        done -> acknowledged.add(ids(done)),
        staying -> released.add(ids(staying)));
  }

  private void start(RunningSteps steps, JobQueue source, int n, String millis) {
    String id = "message-" + n;
    steps.start(
        new ReceivedMessage(id, "", JobCodec.encode(job(n, millis)), false, null),
        source,
        time.instant().plus(TIME),
        timeout -> fakes.limiter.acquire(Duration.ZERO, timeout),
        () -> ended.put(id, time.instant()));
  }

  private static List<String> ids(List<ReceivedMessage> messages) {
    return messages.stream().map(ReceivedMessage::id).toList();
  }

  private static NeedsSignature job(int n, String millis) {
    return NeedsSignature.first(
        new Acceptance("job-" + n, URI.create("https://receiver.example/in"), NOW), millis);
  }
}
