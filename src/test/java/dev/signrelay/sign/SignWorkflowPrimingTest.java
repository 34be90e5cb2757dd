package dev.signrelay.sign;

import static dev.signrelay.sign.SignFixture.PLAIN;
import static dev.signrelay.sign.SignFixture.WITH_CALLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Services;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The queue's client is primed while a slow upstream is awaited. */
final class SignWorkflowPrimingTest {

  private final ImmediateTasks time = new ImmediateTasks();
  private final FakeServices fakes = new FakeServices(time).with("JOB_TABLE", "jobs");
  private final Services services = fakes.services();

  /**
   * A job without a receiver needs its record before the answer. A request without a job needs no
   * queue.
   */
  @ParameterizedTest
  @CsvSource({
    WITH_CALLBACK + ", '', 0, 500",
    WITH_CALLBACK + ", '', 500, 0",
    WITH_CALLBACK + ", '', 900, 0",
    PLAIN + ", respond-async, 0, 0",
    PLAIN + ", '', 0,",
  })
  void theQueueIsPrimed800MillisecondsBeforeAnAttemptForAJobHasToEnd(
      String query, String prefer, long ageMillis, @Nullable Long afterMillis) {
    Instant received = time.instant().minusMillis(ageMillis);
    answer(query, received, Map.of("prefer", prefer));
    answer(query, received, Map.of("prefer", prefer));

    assertThat(time.delays)
        .isEqualTo(afterMillis == null ? List.of() : List.of(Duration.ofMillis(afterMillis)));
    assertThat(fakes.primings).hasValue(time.delays.size());
  }

  @Test
  void beforeAReservationTheQueueIsPrimed() {
    time.runs = false;
    answer(PLAIN, time.instant(), Map.of("idempotency-key", "key-1"));

    assertThat(fakes.primings).hasValue(1);
  }

  @Test
  void anAttemptThatIsCompleteCancelsThePriming() {
    time.runs = false;
    answer(WITH_CALLBACK, time.instant(), Map.of());

    assertThat(time.delays).hasSize(1);
    assertThat(time.closed).hasValue(1);
    assertThat(fakes.primings).hasValue(0);
  }

  private void answer(String query, Instant received, Map<String, String> headers) {
    new SignWorkflow(services).handle(ApiEvents.request(query, received, headers));
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
