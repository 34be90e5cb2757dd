package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelState.Granted;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import dev.signrelay.limit.ScriptedStore.Live;
import dev.signrelay.limit.ScriptedStore.Request;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The store during one action. */
final class ModelStore implements Live {

  /** More requests than an operation needs. */
  private static final int MAX_REQUESTS = 50;

  private final MemoryScheduleStore memory;
  private final ScheduleStore store;
  private final Requests requests;
  private final List<Granted> granted = new ArrayList<>();
  private @Nullable GrantSchedule seen;
  private int sent;

  /**
   * @param seen the schedule that the process has seen last
   * @param flaw wraps the store with a defect
   */
  ModelStore(
      MemoryScheduleStore.Contents contents,
      InstantSource clock,
      UnaryOperator<ScheduleStore> flaw,
      @Nullable GrantSchedule seen,
      Requests requests) {
    this.memory = new MemoryScheduleStore(clock, contents);
    this.store = flaw.apply(memory);
    this.seen = seen;
    this.requests = requests;
  }

  MemoryScheduleStore.Contents contents() {
    return memory.contents();
  }

  /** The grants that were given, in order. */
  List<Granted> granted() {
    return granted;
  }

  /** The schedule that the process has seen last. */
  @Nullable GrantSchedule seen() {
    return seen;
  }

  /** Whether the operation sent all requests for which the action specifies an outcome. */
  boolean allRequestsWereSent() {
    return requests.end() == End.ANSWERED || sent > requests.answered();
  }

  @Override
  public @Nullable Object answer(Request request) {
    if (++sent > MAX_REQUESTS) {
      throw new IllegalStateException("a call of the limiter does not end");
    }
    if (sent != requests.answered() + 1) {
      return answered(request);
    }
    return switch (requests.end()) {
      case ANSWERED -> answered(request);
      case WAITS -> null;
      case FAILS -> ScriptedStore.NO_ANSWER;
      case ANSWER_LOST -> {
        effectOf(request);
        yield ScriptedStore.NO_ANSWER;
      }
    };
  }

  private Object answered(Request request) {
    Object answer = effectOf(request);
    switch (answer) {
      case Applied(GrantSchedule current) -> seen = current;
      case Conflict(GrantSchedule current) -> seen = current;
      default -> {}
    }
    return answer;
  }

  private Object effectOf(Request request) {
    Object answer = request.apply(store);
    if (answer instanceof Applied(GrantSchedule current) && current.granted() > 0) {
      Grant grant = current.lastGrant(Duration.ZERO);
      granted.add(new Granted(grant.id(), grant.from(), current.slots().size()));
    }
    return answer;
  }
}
