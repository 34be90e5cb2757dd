package dev.signrelay.dispatch;

import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.Line.Waiting;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A job that leaves the line for the retry queue. */
record Departure(Waiting receipt, Requeue decision) {

  /** A job at the head of the line. */
  record Candidate(Waiting receipt, NeedsSignature job) {}

  /**
   * Gives each job the next grant. A job that has expired, or will have when the grant begins,
   * leaves without one, and the next job gets it: otherwise a line whose jobs wait about as long as
   * their results are wanted would waste the grants. A job for which no grant is left stays.
   *
   * @param grants in the order of their times; those that are used are removed
   */
  static List<Departure> of(List<Candidate> jobs, Queue<Grant> grants, Instant now) {
    var departures = new ArrayList<Departure>();
    for (Candidate one : jobs) {
      Grant next = grants.peek();
      if (one.job().isExpired(next == null ? now : later(next.from(), now))) {
        departures.add(new Departure(one.receipt(), Requeue.untilExpired(one.job(), now)));
      } else if (next != null) {
        grants.remove();
        departures.add(new Departure(one.receipt(), Requeue.untilGranted(one.job(), next, now)));
      }
    }
    return departures;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
