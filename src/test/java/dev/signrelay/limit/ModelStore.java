package dev.signrelay.limit;

import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScriptedStore.Failure;
import dev.signrelay.limit.ScriptedStore.Live;
import dev.signrelay.limit.ScriptedStore.Request;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The store during one action. */
final class ModelStore implements Live {

  /** More requests than an operation needs. */
  private static final int MAX_REQUESTS = 50;

  private final MemoryScheduleStore stored;
  private final ScheduleStore store;
  private final Instant storeNow;
  private final Instant processNow;
  private final boolean checksClocks;
  private final Requests requests;
  private ModelMemory memory;
  private Instant asked;
  private long waitingBefore;
  private int sent;

  /**
   * @param flaw wraps the store with a defect
   * @param storeNow the clock of the store
   * @param processNow the clock of the process
   * @param checksClocks whether the client of the store compares them
   * @param memory what the limiter remembers before the action
   */
  ModelStore(
      @Nullable RateLimitState state,
      UnaryOperator<ScheduleStore> flaw,
      Instant storeNow,
      Instant processNow,
      boolean checksClocks,
      ModelMemory memory,
      Requests requests) {
    this.stored = new MemoryScheduleStore(state);
    this.store = flaw.apply(stored);
    this.storeNow = storeNow;
    this.processNow = processNow;
    this.checksClocks = checksClocks;
    this.memory = memory;
    this.requests = requests;
    this.asked = processNow;
  }

  /** What is stored now. */
  @Nullable RateLimitState stored() {
    return stored.state();
  }

  /** How many jobs in line were noted when the schedule was last changed; 0: it was not. */
  long waitingBefore() {
    return waitingBefore;
  }

  /** What the limiter remembers now. */
  ModelMemory memory() {
    return memory;
  }

  /** When the last request was sent, by the clock of the process. */
  Instant asked() {
    return asked;
  }

  /** Whether the operation sent all requests for which the action specifies an outcome. */
  boolean allRequestsWereSent() {
    return requests.end() == End.ANSWERED || sent > requests.answered();
  }

  @Override
  public @Nullable Object answer(Request request, Instant sentAt) {
    if (++sent > MAX_REQUESTS) {
      throw new IllegalStateException("a call of the limiter does not end");
    }
    asked = sentAt;
    if (sent != requests.answered() + 1) {
      return answered(request, sentAt);
    }
    return switch (requests.end()) {
      case ANSWERED -> answered(request, sentAt);
      case WAITS -> null;
      case REPETITION_WAITS -> {
        var _ = applied(request);
        yield null;
      }
      case REPEATED -> {
        var _ = applied(request);
        yield answered(request, sentAt);
      }
      case ANSWER_LOST -> {
        var _ = applied(request);
        yield failed(Failure.NO_ANSWER);
      }
      case FAILS -> failed(Failure.NO_ANSWER);
    };
  }

  private Object answered(Request request, Instant sentAt) {
    Object answer = applied(request);
    if (!clockIsRight(sentAt)) {
      return failed(Failure.WRONG_CLOCK);
    }
    memory = memory.with(state(answer), sentAt, processNow);
    return answer;
  }

  private Object applied(Request request) {
    RateLimitState before = stored.state();
    Object answer = request.apply(store);
    RateLimitState after = stored.state();
    if (before != null && after != null && !before.schedule().equals(after.schedule())) {
      waitingBefore = before.waiting();
    }
    return answer;
  }

  private Failure failed(Failure failure) {
    memory = memory.forgotten();
    return failure;
  }

  private boolean clockIsRight(Instant sentAt) {
    try {
      if (checksClocks) {
        ClockCheck.require(sentAt, processNow, storeNow.truncatedTo(ChronoUnit.SECONDS));
      }
      return true;
    } catch (WrongClockException _) {
      return false;
    }
  }

  private static @Nullable RateLimitState state(Object answer) {
    return answer instanceof WriteResult result
        ? result.current()
        : ((Optional<?>) answer).map(RateLimitState.class::cast).orElse(null);
  }
}
