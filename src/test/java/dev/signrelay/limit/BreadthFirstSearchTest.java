package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.BreadthFirstSearch.Next;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The search solves a puzzle whose shortest solution is known. */
final class BreadthFirstSearchTest {

  /**
   * The contents of two jugs of 3 and 5 litres, which can be filled, emptied and poured into each
   * other.
   */
  private record Jugs(int three, int five) {}

  @Test
  void theShortestSequenceIsFound() {
    var found = searchFor(4).run(new Jugs(0, 0), 100);

    assertThat(found.path())
        .contains(List.of("fill 5", "pour 5", "empty 3", "pour 5", "fill 5", "pour 5"));
  }

  @Test
  void nothingIsFoundBelowTheShortestLength() {
    assertThat(searchFor(4).run(new Jugs(0, 0), 5).path()).isEmpty();
  }

  @Test
  void everyStateIsExpandedOnce() {
    var found = searchFor(6).run(new Jugs(0, 0), Integer.MAX_VALUE);

    assertThat(found.path()).isEmpty();
    assertThat(found.states()).isEqualTo(16);
    assertThat(found.actions()).isEqualTo(16 * 6);
  }

  private static BreadthFirstSearch<Jugs, String> searchFor(int litres) {
    return new BreadthFirstSearch<>(
        jugs -> jugs,
        jugs -> {
          int toFive = Math.min(jugs.three(), 5 - jugs.five());
          int toThree = Math.min(jugs.five(), 3 - jugs.three());
          return Stream.of(
                  next("fill 3", 3, jugs.five(), litres),
                  next("fill 5", jugs.three(), 5, litres),
                  next("empty 3", 0, jugs.five(), litres),
                  next("empty 5", jugs.three(), 0, litres),
                  next("pour 3", jugs.three() - toFive, jugs.five() + toFive, litres),
                  next("pour 5", jugs.three() + toThree, jugs.five() - toThree, litres))
              .toList();
        });
  }

  private static Next<Jugs, String> next(String action, int three, int five, int litres) {
    return new Next<>(action, new Jugs(three, five), five == litres);
  }
}
