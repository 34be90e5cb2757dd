package dev.signrelay.limit;

import static dev.signrelay.job.Grant.LEAD;

import java.time.Duration;
import java.util.Optional;

/**
 * When a grant has to begin to be of use, counted from the moment at which the rate limiter's
 * answer is expected. Both bounds are inclusive.
 *
 * <p>The farther ahead grants may be given, the more of them a fault can waste: a grant whose job
 * is lost remains unused. Grants are therefore given only shortly ahead; jobs that would wait
 * longer wait in the line without a grant.
 *
 * @param from not negative
 * @param to at least {@code from}
 * @param behindLine whether no grant is taken while jobs wait in line
 */
public record GrantWindow(Duration from, Duration to, boolean behindLine) {

  /**
   * For a job that is not in line. While jobs wait in line, it takes none and joins the end. Its
   * bound is below {@link #AHEAD} minus the minute between two runs of DispatchFunction, which
   * takes every grant up to there.
   */
  public static final GrantWindow NEAR = new GrantWindow(LEAD, Duration.ofSeconds(45), true);

  /**
   * For jobs in line, and for a job that has missed its turn: the farthest that any grant is given
   * ahead. A fault wastes no more than that; the next grant follows within a period. More than the
   * minute between two runs of DispatchFunction, so that a late run idles it for seconds at most.
   */
  public static final GrantWindow AHEAD = new GrantWindow(LEAD, Duration.ofSeconds(110), false);

  public GrantWindow {
    if (from.isNegative() || to.compareTo(from) < 0) {
      throw new IllegalArgumentException("a window begins now or later, and ends after it begins");
    }
  }

  /** The part of the window that ends by then; empty: there is none. */
  public Optional<GrantWindow> upTo(Duration end) {
    return end.compareTo(from) < 0
        ? Optional.empty()
        : Optional.of(end.compareTo(to) < 0 ? new GrantWindow(from, end, behindLine) : this);
  }

  /** For a call that can begin at once or after a short wait. */
  public static GrantWindow within(Duration wait) {
    return new GrantWindow(Duration.ZERO, wait, false);
  }
}
