package dev.signrelay.limit;

import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelProcess.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The store during one action. It repeats the recorded answers of the operation first. It sets the
 * clock of the process to the time of each answer.
 */
final class ModelStore extends ForwardingStore {

  /** How far the clock of the store is ahead of the true time. */
  private static final Duration STORE_SKEW = Duration.ofMillis(500);

  /** More requests than an operation needs. */
  private static final int MAX_REQUESTS = 50;

  private static final RuntimeException NO_ANSWER = new NoAnswerException();
  private static final RuntimeException WRONG_CLOCK = new WrongClockException();

  /**
   * A recorded answer of the store.
   *
   * @param value an {@link Optional} of the answer, or the exception that is thrown instead
   * @param at the time of the answer, by the clock of the process
   */
  record Answer(Object value, Instant at) {}

  /** The store does not answer. */
  static final class NoAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswerException() {
      super("no answer", null, false, false);
    }
  }

  /** The request is delayed. No code handles this as a failure. */
  static final class Suspended extends Error {
    private static final long serialVersionUID = 1L;

    Suspended() {
      super("the request waits", null, false, false);
    }
  }

  /** The clock of the process. */
  final ModelTime time;

  private final LimiterModel model;
  private final MemoryScheduleStore stored;
  private final Instant storeNow;
  private final Instant processNow;
  private final Requests requests;

  /** The answers so far. */
  final List<Answer> answers;

  /** When the last request was sent, by the clock of the process. */
  Instant asked;

  /** How many jobs in line were noted when the schedule was last changed; 0: it was not. */
  long waitingBefore;

  private int next;
  private int sent;

  /**
   * @param process that runs the operation
   */
  ModelStore(
      LimiterModel model,
      ModelState state,
      ModelProcess process,
      Operation operation,
      Requests requests) {
    var memory = new MemoryScheduleStore(state.stored());
    super(model.flaw().apply(memory));
    this.model = model;
    this.stored = memory;
    this.time = new ModelTime(operation.start());
    this.storeNow = state.now().plus(STORE_SKEW).truncatedTo(ChronoUnit.SECONDS);
    this.processNow = process.clock(state.now());
    this.answers = new ArrayList<>(operation.answers());
    this.requests = requests;
    this.asked = processNow;
  }

  /** What is stored now. */
  @Nullable RateLimitState stored() {
    return stored.state();
  }

  /** Whether the operation sent all requests for which the action specifies an outcome. */
  boolean allRequestsWereSent() {
    return requests.end() == End.ANSWERED || sent > requests.answered();
  }

  @Override
  @SuppressWarnings("unchecked")
  <T extends @Nullable Object> T send(Function<ScheduleStore, T> request) {
    if (next == answers.size()) {
      answers.add(new Answer(answer(request), processNow));
    }
    Answer answer = answers.get(next++);
    time.set(answer.at());
    if (answer.value() instanceof RuntimeException failure) {
      throw failure;
    }
    return ((Optional<T>) answer.value()).orElse(null);
  }

  private Object answer(Function<ScheduleStore, ?> request) {
    if (++sent > MAX_REQUESTS) {
      throw new IllegalStateException("a call of the limiter does not end");
    }
    asked = time.instant();
    if (sent != requests.answered() + 1) {
      return answered(request);
    }
    return switch (requests.end()) {
      case ANSWERED -> answered(request);
      case WAITS -> throw new Suspended();
      case REPETITION_WAITS -> {
        var _ = applied(request);
        throw new Suspended();
      }
      case REPEATED -> {
        var _ = applied(request);
        yield answered(request);
      }
      case ANSWER_LOST -> {
        var _ = applied(request);
        yield NO_ANSWER;
      }
      case FAILS -> NO_ANSWER;
    };
  }

  private Object answered(Function<ScheduleStore, ?> request) {
    Optional<?> answer = applied(request);
    try {
      if (model.checksClocks()) {
        ClockCheck.require(asked, processNow, storeNow);
      }
      return answer;
    } catch (WrongClockException _) {
      return WRONG_CLOCK;
    }
  }

  private Optional<?> applied(Function<ScheduleStore, ?> request) {
    RateLimitState before = stored.state();
    Optional<?> answer = Optional.ofNullable(super.send(request));
    RateLimitState after = stored.state();
    if (before != null && after != null && !before.schedule().equals(after.schedule())) {
      waitingBefore = before.waiting();
    }
    return answer;
  }
}
