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

/** One attempt for a job, or its deferral: the data of one log event. */
public sealed interface Attempt {

  /** The job before the attempt. */
  Job job();

  default String id() {
    return job().id();
  }

  record Signing(NeedsSignature job, SigningResult result) implements Attempt {

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
  }

  record Delivery(NeedsCallback job, DeliveryOutcome outcome, Instant start, Instant end)
      implements Attempt {}

  /** A step without an attempt: the job is not due, is moved to another queue, or has expired. */
  record Deferred(Job job) implements Attempt {}
}
