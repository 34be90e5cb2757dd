package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.FreeCalls;
import dev.signrelay.limit.RateLimiter.GrantAnswer.Granted;
import dev.signrelay.limit.RateLimiter.GrantAnswer.Refused;
import dev.signrelay.limit.RateLimiter.LineWait;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pause, as the rate limiters of the functions see it. */
final class PausableStateTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeTime time = new FakeTime();
  private final MemoryScheduleStore store = new MemoryScheduleStore();
  private final AtomicInteger ids = new AtomicInteger();

  /** The attribute of the item that a function's replacement of the schedule drops. */
  private @Nullable PausableState written;

  @Test
  void noGrantIsGivenUntilThePauseEndsAndTheExpectedWaitIncludesIt() {
    RateLimiter limiter = process(10);
    limiter.acquire(Duration.ZERO, TIMEOUT);

    pause(HOUR);

    assertThat(limiter.acquire(Duration.ZERO, TIMEOUT))
        .isEqualTo(new Refused(new LineWait(HOUR, true)));
    assertThat(limiter.noteLine(3, TIMEOUT)).isEqualTo(HOUR);
    assertThat(limiter.freeCalls(SECOND, TIMEOUT)).isEqualTo(new FreeCalls(0, HOUR));
    assertThat(limiter.acquireForLine(3, SECOND, TIMEOUT)).isEmpty();

    time.advance(HOUR.minus(SECOND));
    assertThat(limiter.acquireForLine(20, SECOND, TIMEOUT))
        .hasSize(10)
        .allSatisfy(grant -> assertThat(grant.from()).isEqualTo(FakeTime.START.plus(HOUR)));
  }

  @Test
  void theNextCallsFollowThoseThatWereTakenAndTheEndOfAPause() {
    process(2).acquire(Duration.ZERO, TIMEOUT);
    assertThat(nextCalls(4)).containsExactly(Duration.ZERO, PERIOD, PERIOD, PERIOD.multipliedBy(2));

    pause(HOUR);
    assertThat(nextCalls(3)).containsExactly(HOUR, HOUR, HOUR.plus(PERIOD));

    time.advance(HOUR.multipliedBy(2));
    assertThat(nextCalls(2)).containsExactly(HOUR.multipliedBy(2), HOUR.multipliedBy(2));
  }

  @Test
  void aResumedScheduleGoesOnAsIfItHadNotBeenPaused() {
    RateLimiter limiter = process(2);
    assertThat(limiter.acquireForLine(3, PERIOD, TIMEOUT)).hasSize(3);
    GrantSchedule before = store.read().schedule();

    pause(HOUR);
    time.advance(Duration.ofSeconds(30));
    assertThat(resume()).isTrue();

    assertThat(store.read().schedule().next()).isEqualTo(before.next());
    assertThat(current().pausedUntil(time.instant())).isEmpty();
  }

  @Test
  void aSecondPauseMovesTheEndInEitherDirection() {
    process(2).acquire(Duration.ZERO, TIMEOUT);

    pause(HOUR);
    pause(HOUR.multipliedBy(2));
    assertThat(pausedUntil()).isEqualTo(HOUR.multipliedBy(2));
    pause(HOUR);
    assertThat(pausedUntil()).isEqualTo(HOUR);
    time.advance(SECOND);

    assertThat(resume()).isTrue();
    assertThat(process(2).acquire(Duration.ZERO, TIMEOUT)).isInstanceOf(Granted.class);
  }

  @Test
  void nothingIsResumedWithoutAPauseOrWhenCallsAtItsEndHaveTheirGrants() {
    RateLimiter limiter = process(2);
    limiter.acquire(Duration.ZERO, TIMEOUT);
    assertThat(resume()).isFalse();

    pause(HOUR);
    time.advance(HOUR.minus(SECOND));
    assertThat(limiter.acquireForLine(1, SECOND, TIMEOUT)).hasSize(1);
    assertThat(resume()).isFalse();

    time.advance(SECOND);
    assertThat(current().pausedUntil(time.instant())).isEmpty();
  }

  /** A deployment with another limit, in the middle of a pause. */
  @ParameterizedTest
  @ValueSource(ints = {3, 10, 30})
  void aChangedLimitDoesNotEndAPauseAndItCanStillBeResumed(int newLimit) {
    process(10).acquire(Duration.ZERO, TIMEOUT);
    pause(HOUR);
    time.advance(SharedSchedule.LOWER_LIMIT_HOLDS.plus(SECOND));

    RateLimiter changed = process(newLimit);
    assertThat(changed.acquire(Duration.ZERO, TIMEOUT)).isInstanceOf(Refused.class);
    assertThat(current().schedule().next()).isEqualTo(FakeTime.START.plus(HOUR));

    assertThat(resume()).isTrue();
    // Release 0.2.0 took grants so far ahead.
    time.advance(Duration.ofSeconds(112).plus(PERIOD));
    assertThat(changed.acquireForLine(1, Duration.ZERO, TIMEOUT)).hasSize(1);
  }

  @Test
  void theItemIsReadAsItWasWrittenAndByTheFunctionsAsWell() {
    process(100).acquire(Duration.ZERO, TIMEOUT);
    pause(HOUR);
    PausableState paused = current();

    assertThat(paused.before()).isNotNull();
    assertThat(PausableState.read(paused.write())).isEqualTo(paused);
    assertThat(RateLimitState.of(paused.write())).isEqualTo(paused.state());
    assertThat(PausableState.read(paused.state().item()).before()).isNull();
  }

  /** Two processes, one of which changes the limit, pauses and resumes, in any order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void pausesNeverRaiseTheRateAndNoGrantIsTakenDuringOne(long seed) {
    var input = new SeededInput(seed);
    List<RateLimiter> processes = List.of(process(4), process(4), process(input.oneOf(3, 4, 5)));
    var begins = new ArrayList<Instant>();
    begins.add(processes.getFirst().acquireForLine(1, Duration.ZERO, TIMEOUT).getFirst().from());
    for (int i = 0; i < 500; i++) {
      if (input.oneIn(40)) {
        pause(Duration.ofSeconds(input.between(10, 900)));
      } else if (input.oneIn(60)) {
        resume();
      } else if (input.oneIn(60)) {
        // ./ops ends after its first write.
        write(current().stopped(id(), time.instant()));
      }
      Instant allowed = current().pausedUntil(time.instant()).orElse(Instant.MIN);
      RateLimiter limiter = input.oneIn(20) ? processes.get(2) : processes.get(input.below(2));
      List<Grant> grants =
          input.oneIn(2)
              ? limiter.acquireForLine(input.between(1, 4), SharedSchedule.MAX_WAIT, TIMEOUT)
              : limiter.acquire(Duration.ZERO, TIMEOUT) instanceof Granted(Grant grant)
                  ? List.of(grant)
                  : List.of();
      grants.forEach(grant -> assertThat(grant.from()).isAfterOrEqualTo(allowed));
      grants.forEach(grant -> begins.add(grant.from()));
      time.advance(Duration.ofMillis(input.between(0, 20_000)));
    }
    assertThat(begins).hasSizeGreaterThan(50);
    for (int i = 5; i < begins.size(); i++) {
      assertThat(begins.get(i)).isAfterOrEqualTo(begins.get(i - 5).plus(PERIOD));
    }
  }

  private void pause(Duration duration) {
    PausableState before = current();
    write(before.stopped(id(), time.instant()));
    write(before.paused(id(), time.instant().plus(duration)));
  }

  private boolean resume() {
    Optional<PausableState> next = current().resumed(id(), time.instant());
    next.ifPresent(this::write);
    return next.isPresent();
  }

  private void write(PausableState next) {
    assertThat(store.replace(store.read(), next.state()))
        .isInstanceOf(ScheduleStore.WriteResult.Applied.class);
    written = next;
  }

  private PausableState current() {
    RateLimitState state = store.read();
    boolean kept =
        written != null && written.schedule().version().equals(state.schedule().version());
    return new PausableState(state, kept ? written.before() : null);
  }

  private List<Duration> nextCalls(int count) {
    return current().nextCalls(count, time.instant()).stream()
        .map(call -> Duration.between(FakeTime.START, call))
        .toList();
  }

  private Duration pausedUntil() {
    return time.until(current().pausedUntil(time.instant()).orElseThrow());
  }

  private RateLimiter process(int calls) {
    return new SlidingWindowLimiter(store, calls, PERIOD, time, this::id);
  }

  private String id() {
    return "id-" + ids.incrementAndGet();
  }
}
