package dev.signrelay.job;

import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One attempt for a request or a job, or its deferral: the data of one log event. */
public sealed interface Attempt {

  /** The id of the request or job. */
  String id();

  /** The client whose job it is; empty: unknown, or there is no job. */
  String client();

  /** The attempt's number within its stage, from 1. */
  int number();

  /**
   * An attempt to sign.
   *
   * @param callbackHost null: the request names no callback URL
   */
  record Signing(
      String id, String client, int number, @Nullable String callbackHost, SigningResult result)
      implements Attempt {

    /** An attempt for a job. */
    public static Signing of(NeedsSignature job, SigningResult result) {
      return new Signing(
          job.id(), job.acceptance().client(), job.attempt(), job.callbackHost(), result);
    }

    /** The signature, if the upstream signed the message, now or before; null otherwise. */
    public @Nullable String signature() {
      return switch (result) {
        case Called(Signed(String signature), _, _) -> signature;
        case Reused(String signature, _) -> signature;
        case Called _,
            CallUnderWay _,
            NotGranted _,
            OutOfTime _,
            LimiterUnavailable _,
            KeyUnavailable _,
            GrantExpired _ ->
            null;
      };
    }

    /** Omits the signature, which must not reach a log. */
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
    public String client() {
      return job.acceptance().client();
    }

    @Override
    public int number() {
      return job.attempt();
    }
  }

  /** No attempt: the job is not due and is requeued, or has expired. */
  record Deferred(Job job) implements Attempt {

    @Override
    public String id() {
      return job.id();
    }

    @Override
    public String client() {
      return job.acceptance().client();
    }

    @Override
    public int number() {
      return job.attempt();
    }
  }
}
