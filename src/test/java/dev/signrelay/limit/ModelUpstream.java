package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Counts the calls when they arrive, and knows what the limiter promises. */
final class ModelUpstream {

  private static final Duration WINDOW = Duration.ofSeconds(60);

  private final List<Instant> arrivals = new ArrayList<>();
  private final List<String> used = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  void called(Grant grant, Instant arrival) {
    used.add(grant.id());
    arrivals.add(arrival);
  }

  /** Anything else that the limiter does not keep. */
  void broken(Throwable failure) {
    failures.add(failure);
  }

  /**
   * @param granted the times of all grants, in the order in which they were written
   */
  void check(int calls, List<Instant> granted) {
    List<Instant> inOrder = arrivals.stream().sorted().toList();
    assertThat(IntStream.range(0, Math.max(0, inOrder.size() - calls)))
        .as("calls at the upstream with %d more within 60 s", calls)
        .noneMatch(i -> inOrder.get(i + calls).isBefore(inOrder.get(i).plus(WINDOW)));
    assertThat(used).as("grants that were used").doesNotHaveDuplicates();
    assertThat(granted).as("grants in the order of asking").isSorted();
    assertThat(failures).as("what else is wrong").isEmpty();
  }
}
