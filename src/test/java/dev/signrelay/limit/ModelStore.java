package dev.signrelay.limit;

import dev.signrelay.limit.ModelAction.Store;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.ScheduleStore.Written.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way of all processes to their store: others come in between, and answers are lost. */
final class ModelStore implements ScheduleStore {

  /** Far more than any ask takes. */
  private static final int ENDLESS = 50;

  private final ScheduleStore store;
  private final Consumer<ModelAction> world;
  private final Deque<Visit> visits = new ArrayDeque<>();
  private final List<Instant> granted = new ArrayList<>();

  /** What the store does when it does not answer. */
  static final class NoAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param world does what happens before a request
   */
  ModelStore(ScheduleStore store, Consumer<ModelAction> world) {
    this.store = store;
    this.world = world;
  }

  /** The times of all grants, in the order in which they were written. */
  List<Instant> granted() {
    return granted;
  }

  /**
   * Disturbs the requests of one call of the limiter.
   *
   * @return empty if it is unavailable, which it is only if the store is
   */
  <T> Optional<T> answer(Store by, ModelUpstream upstream, Supplier<T> call) {
    visits.push(new Visit(by));
    try {
      return Optional.of(call.get());
    } catch (LimiterUnavailableException e) {
      if (!(e.getCause().getCause() instanceof NoAnswerException)) {
        upstream.broken(e);
      }
      return Optional.empty();
    } finally {
      visits.pop();
    }
  }

  @Override
  public Written count(GrantSchedule schedule, long least, long most) {
    return request(() -> noted(store.count(schedule, least, most)));
  }

  @Override
  public Written replace(@Nullable GrantSchedule expected, GrantSchedule next) {
    return request(() -> noted(store.replace(expected, next)));
  }

  @Override
  public boolean claim(String grantId, Instant forgetAfter) {
    return request(() -> store.claim(grantId, forgetAfter));
  }

  @Override
  public void prepare() {}

  private Written noted(Written written) {
    if (written instanceof Stored(GrantSchedule current) && current.granted() > 0) {
      granted.add(current.lastGrant(Duration.ZERO).from());
    }
    return written;
  }

  private <T> T request(Supplier<T> request) {
    Visit visit = visits.getFirst();
    visit.requests++;
    if (visit.requests > ENDLESS) {
      throw new IllegalStateException("a call of the limiter never ends");
    }
    boolean undisturbed = !visit.meanwhile.hasNext();
    if (!undisturbed) {
      world.accept(visit.meanwhile.next());
    }
    T answer = request.get();
    if (undisturbed && visit.answerLost) {
      throw new NoAnswerException();
    }
    return answer;
  }

  private static final class Visit {
    private final Iterator<ModelAction> meanwhile;
    private final boolean answerLost;
    private int requests;

    Visit(Store by) {
      meanwhile = by.meanwhile().iterator();
      answerLost = by.answerLost();
    }
  }
}
