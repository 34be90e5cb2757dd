package dev.signrelay.sign;

import static dev.signrelay.sign.SignFixture.PLAIN;
import static dev.signrelay.sign.SignFixture.WITH_CALLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Services;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.DelayedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The queue's client is primed while a slow upstream is awaited. */
final class SignWorkflowPrimingTest {

  private final ImmediateTasks time = new ImmediateTasks();
  private final FakeServices fakes = new FakeServices(time).with("JOB_TABLE", "jobs");
  private final Services services = fakes.services();

  @Test
  void theQueueIsPrimedOnceAnAttemptForAJobHasTaken200Milliseconds() {
    answer(WITH_CALLBACK);

    assertThat(time.delays).containsExactly(Duration.ofMillis(200));
    assertThat(fakes.primings).hasValue(1);
  }

  @Test
  void forAJobWithoutAReceiverTheQueueIsPrimedAtOnceBecauseItsRecordIsNeeded() {
    Instant now = time.instant();
    new SignWorkflow(services)
        .handle(ApiEvents.request(PLAIN, now, Map.of("prefer", "respond-async")), now);

    assertThat(time.delays).containsExactly(Duration.ZERO);
  }

  @Test
  void beforeAReservationTheQueueIsPrimed() {
    Instant now = time.instant();
    time.runs = false;
    new SignWorkflow(services)
        .handle(ApiEvents.request(PLAIN, now, Map.of("idempotency-key", "key-1")), now);

    assertThat(fakes.primings).hasValue(1);
  }

  @Test
  void aPrimedQueueIsNotPrimedAgain() {
    answer(WITH_CALLBACK);
    answer(WITH_CALLBACK);

    assertThat(time.delays).hasSize(1);
  }

  @Test
  void aQueueThatHasStoredAJobIsNotPrimed() {
    fakes.upstream = _ -> FakeServices.failed("http-503");
    time.runs = false;
    answer(WITH_CALLBACK);
    answer(WITH_CALLBACK);

    assertThat(time.delays).hasSize(1);
    assertThat(fakes.primings).hasValue(0);
  }

  @Test
  void anAttemptThatIsCompleteCancelsThePriming() {
    time.runs = false;
    answer(WITH_CALLBACK);

    assertThat(time.closed).hasValue(1);
  }

  @Test
  void withoutACallbackUrlTheQueueIsNotPrimed() {
    answer(PLAIN);

    assertThat(time.delays).isEmpty();
  }

  private void answer(String query) {
    Instant now = time.instant();
    new SignWorkflow(services).handle(ApiEvents.request(query, now), now);
  }

  /** A clock that records delayed tasks and runs them at once or never. */
  private static final class ImmediateTasks extends FakeTime {

    private final List<Duration> delays = new ArrayList<>();
    private final AtomicInteger closed = new AtomicInteger();
    private boolean runs = true;

    @Override
    public DelayedTask runAfter(Duration delay, Runnable task) {
      delays.add(delay);
      if (runs) {
        task.run();
      }
      return closed::incrementAndGet;
    }
  }
}
