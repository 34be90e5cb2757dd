package dev.signrelay.job;

import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a function did for a request or a job in one step: the facts of one log event. */
public sealed interface Attempt {

  /** The id of the request or job. */
  String id();

  /** The attempt's number within its stage, from 1. */
  int number();

  /**
   * An attempt to sign.
   *
   * @param callbackHost null: the request names no callback URL
   */
  record Signing(
      String id, String message, int number, @Nullable String callbackHost, SigningAttempt result)
      implements Attempt {

    public static Signing of(NeedsSignature job, SigningAttempt result) {
      return new Signing(job.id(), job.message(), job.attempt(), job.callbackHost(), result);
    }

    /** Omits the message, which must not reach a log. */
    @Override
    public String toString() {
      return "Signing[id=" + id + ", number=" + number + "]";
    }
  }

  /** A delivery of the signature. */
  record Delivery(NeedsCallback job, DeliveryOutcome outcome, Instant start, Instant end)
      implements Attempt {

    @Override
    public String id() {
      return job.id();
    }

    @Override
    public int number() {
      return job.attempt();
    }
  }

  /** None: the job came out of the queue before its time. */
  record NotDue(Job job) implements Attempt {

    @Override
    public String id() {
      return job.id();
    }

    @Override
    public int number() {
      return job.attempt();
    }
  }
}
