package dev.signrelay.limit;

import dev.signrelay.limit.ClockCheck.WrongClockException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store that replays recorded answers first, and then forwards requests. It sets the clock of the
 * process to the time of each answer.
 */
final class ScriptedStore implements ScheduleStore {

  /** What is recorded in place of an answer. */
  enum Failure {
    NO_ANSWER,
    WRONG_CLOCK
  }

  /** A request to the store. */
  interface Request extends Function<ScheduleStore, Object> {}

  /**
   * A recorded answer of the store.
   *
   * @param value the answer, or a {@link Failure}
   * @param at the time of the answer, by the clock of the process
   */
  record Answer(Object value, Instant at) {}

  /** Answers requests that have no recorded answer. */
  interface Live {

    /**
     * @param sent when the request was sent, by the clock of the process
     * @return the answer, or a {@link Failure}; null if the request is delayed
     */
    @Nullable Object answer(Request request, Instant sent);
  }

  /** The store does not answer, or the request is delayed. */
  static final class NoAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswerException() {
      super("no answer", null, false, false);
    }
  }

  private final ModelTime time;
  private List<Answer> answers = new ArrayList<>();
  private Live live = (_, _) -> Failure.NO_ANSWER;
  private Instant liveNow = Instant.EPOCH;
  private int next;
  private boolean waiting;

  ScriptedStore(ModelTime time) {
    this.time = time;
  }

  /**
   * @param start when the operation began, by the clock of the process
   * @param recorded the answers from an earlier run
   * @param live answers all further requests
   * @param liveNow the time of the further answers, by the clock of the process
   */
  void begin(Instant start, List<Answer> recorded, Live live, Instant liveNow) {
    answers = new ArrayList<>(recorded);
    this.live = live;
    time.set(start);
    this.liveNow = liveNow;
    next = 0;
  }

  List<Answer> answers() {
    return answers;
  }

  /** Whether the operation is suspended at a delayed request. */
  boolean isWaiting() {
    return waiting;
  }

  @Override
  public @Nullable RateLimitState read() {
    return ((Optional<?>) answer(store -> Optional.ofNullable(store.read())))
        .map(RateLimitState.class::cast)
        .orElse(null);
  }

  @Override
  public WriteResult take(Take request) {
    return (WriteResult) answer(store -> store.take(request));
  }

  @Override
  public WriteResult replace(@Nullable RateLimitState expected, RateLimitState state) {
    return (WriteResult) answer(store -> store.replace(expected, state));
  }

  @Override
  public WriteResult note(
      long waitingJobs, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
    return (WriteResult) answer(store -> store.note(waitingJobs, most, notedAt, askedAt));
  }

  private Object answer(Request request) {
    if (next == answers.size()) {
      Object value = waiting ? null : live.answer(request, time.instant());
      if (value == null) {
        waiting = true;
        throw new NoAnswerException();
      }
      answers.add(new Answer(value, liveNow));
    }
    Answer answer = answers.get(next++);
    time.set(answer.at());
    return switch (answer.value()) {
      case Failure.NO_ANSWER -> throw new NoAnswerException();
      case Failure.WRONG_CLOCK -> throw new WrongClockException();
      case Object value -> value;
    };
  }
}
