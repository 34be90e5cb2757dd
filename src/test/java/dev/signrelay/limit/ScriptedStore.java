package dev.signrelay.limit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The store as one operation of a process meets it: answers from an earlier run first, then live
 * ones. It sets the clock of the process, which stands still between two answers.
 */
final class ScriptedStore implements ScheduleStore {

  /** In place of an answer: the store does not answer. */
  static final Object NO_ANSWER = "no answer";

  /** A request, to be made of the store itself. */
  interface Request extends Function<ScheduleStore, Object> {}

  /**
   * What a process got from the store.
   *
   * @param value the answer, or {@link #NO_ANSWER}
   * @param at when, by the clock of the process
   */
  record Answer(Object value, Instant at) {}

  /** Answers requests as they come. */
  interface Live {

    /**
     * @return the answer, or {@link #NO_ANSWER}; null: the request waits
     */
    @Nullable Object answer(Request request);
  }

  /** The store does not answer, or has not yet. */
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
   * @param given the answers from an earlier run
   * @param answersAfterThose answers the other requests
   * @param end when it does, by the clock of the process
   */
  void begin(Instant start, List<Answer> given, Live answersAfterThose, Instant end) {
    answers = new ArrayList<>(given);
    live = answersAfterThose;
    time.set(start);
    liveNow = end;
    next = 0;
  }

  List<Answer> answers() {
    return answers;
  }

  /** Whether the operation stopped at a request that waits. */
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
