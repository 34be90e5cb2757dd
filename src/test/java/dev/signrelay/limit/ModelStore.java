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
  private int sent;

  /**
   * @param flaw wraps the store with a defect
   * @param storeNow the clock of the store
   * @param processNow the clock of the process
   * @param checksClocks whether the client of the store compares them
   * @param memory what the limiter remembers before the action
   */
  ModelStore(
      MemoryScheduleStore.Contents contents,
      UnaryOperator<ScheduleStore> flaw,
      Instant storeNow,
      Instant processNow,
      boolean checksClocks,
      ModelMemory memory,
      Requests requests) {
    this.stored = new MemoryScheduleStore(() -> storeNow, contents);
    this.store = flaw.apply(stored);
    this.storeNow = storeNow;
    this.processNow = processNow;
    this.checksClocks = checksClocks;
    this.memory = memory;
    this.requests = requests;
    this.asked = processNow;
  }

  MemoryScheduleStore.Contents contents() {
    return stored.contents();
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
      case WAITS -> {
        remember(request.apply(new MemoryScheduleStore()));
        yield null;
      }
      case REPETITION_WAITS -> {
        remember(request.apply(store));
        yield null;
      }
      case REPEATED -> {
        request.apply(store);
        yield answered(request, sentAt);
      }
      case ANSWER_LOST -> {
        Object lost = request.apply(store);
        yield failed(lost instanceof Boolean, Failure.NO_ANSWER);
      }
      case FAILS ->
          failed(request.apply(new MemoryScheduleStore()) instanceof Boolean, Failure.NO_ANSWER);
    };
  }

  private Object answered(Request request, Instant sentAt) {
    Object answer = request.apply(store);
    boolean isClaim = answer instanceof Boolean;
    if (!clockIsRight(sentAt)) {
      return failed(isClaim, Failure.WRONG_CLOCK);
    }
    if (!isClaim) {
      memory = memory.with(state(answer), sentAt, processNow);
    }
    remember(answer);
    return answer;
  }

  private void remember(Object answer) {
    if (answer instanceof Boolean) {
      memory = memory.knowing();
    }
  }

  private Failure failed(boolean isClaim, Failure failure) {
    memory = isClaim ? memory.knowing() : memory.forgotten();
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

  private static @Nullable LimiterState state(Object answer) {
    return answer instanceof WriteResult result
        ? result.current()
        : ((Optional<?>) answer).map(LimiterState.class::cast).orElse(null);
  }
}
