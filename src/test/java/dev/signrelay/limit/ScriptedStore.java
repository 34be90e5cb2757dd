package dev.signrelay.limit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store that replays recorded answers first, and then forwards requests. It sets the clock of the
 * process to the time of each answer.
 */
final class ScriptedStore implements ScheduleStore {

  /** Recorded in place of an answer if the store does not answer. */
  static final Object NO_ANSWER = "no answer";

  /** A request to the store. */
  interface Request extends Function<ScheduleStore, Object> {}

  /**
   * A recorded answer of the store.
   *
   * @param value the answer, or {@link #NO_ANSWER}
   * @param at the time of the answer, by the clock of the process
   */
  record Answer(Object value, Instant at) {}

  /** Answers requests that have no recorded answer. */
  interface Live {

    /**
     * @return the answer, or {@link #NO_ANSWER}; null if the request is delayed
     */
    @Nullable Object answer(Request request);
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
  private Live live = _ -> NO_ANSWER;
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
  public WriteResult increment(GrantSchedule schedule, long least, long most) {
    return (WriteResult) answer(store -> store.increment(schedule, least, most));
  }

  @Override
  public WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule schedule) {
    return (WriteResult) answer(store -> store.replace(expected, schedule));
  }

  @Override
  public boolean claim(String grantId, Instant forgetAfter) {
    return (boolean) answer(store -> store.claim(grantId, forgetAfter));
  }

  private Object answer(Request request) {
    if (next == answers.size()) {
      Object value = waiting ? null : live.answer(request);
      if (value == null) {
        waiting = true;
        throw new NoAnswerException();
      }
      answers.add(new Answer(value, liveNow));
    }
    Answer answer = answers.get(next++);
    time.set(answer.at());
    if (answer.value().equals(NO_ANSWER)) {
      throw new NoAnswerException();
    }
    return answer.value();
  }
}
