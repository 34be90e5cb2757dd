package dev.signrelay.attempt;

import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.jobrecord.CacheEntry;
import dev.signrelay.jobrecord.CacheEntry.Leased;
import dev.signrelay.jobrecord.CacheEntry.Reusable;
import dev.signrelay.jobrecord.CacheEntry.Vacant;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One attempt to sign with a cache: reads the cache, then takes the message's lease and makes a
 * call, or waits for the call of the lease's holder. If the cache fails, the attempt continues
 * without it.
 */
final class CachedAttempt {

  /** The first pause between two reads while another call is under way. Each is longer by half. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(300);

  /** A job that would wait longer waits in its queue, and other jobs can use the function. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  private final JobTable table;
  private final TimeSource time;
  private final String message;
  private final String owner;
  private final SigningTimeouts timeouts;
  private final Function<SigningTimeouts, SigningResult> call;
  private final Consumer<TableUnavailableException> onFailure;

  /** Also true if it is unknown whether the lease was taken. */
  private boolean mayHoldLease;

  private boolean hasFailed;

  /**
   * @param owner a new unique text
   * @param call makes an attempt with a call
   * @param onFailure is called at most once
   */
  CachedAttempt(
      JobTable table,
      TimeSource time,
      String message,
      String owner,
      SigningTimeouts timeouts,
      Function<SigningTimeouts, SigningResult> call,
      Consumer<TableUnavailableException> onFailure) {
    this.table = table;
    this.time = time;
    this.message = message;
    this.owner = owner;
    this.timeouts = timeouts;
    this.call = call;
    this.onFailure = onFailure;
  }

  SigningResult run() {
    if (!timeouts.allowCall(time.instant())) {
      return new OutOfTime();
    }
    try {
      table.prepareSignatures(timeouts.limiter(time.instant()));
    } catch (SecretUnavailableException _) {
      // A call needs the same key.
      return call.apply(timeouts);
    }
    Optional<SigningResult> withoutCall;
    try {
      withoutCall = reuseOrLease();
    } catch (TableUnavailableException e) {
      failed(e);
      withoutCall = Optional.empty();
    }
    return withoutCall.orElseGet(this::makeCall);
  }

  /** Empty: the caller holds the lease. */
  private Optional<SigningResult> reuseOrLease() {
    CacheEntry entry = table.readSignature(message, timeout());
    Instant lastRead = lastRead();
    Duration pause = FIRST_PAUSE;
    while (true) {
      switch (entry) {
        case Reusable(String signature, Duration age) -> {
          return Optional.of(new Reused(signature, age));
        }
        case Vacant _ -> {
          if (!timeouts.beforeStore().allowCall(time.instant())) {
            return Optional.of(new OutOfTime());
          }
          mayHoldLease = true;
          entry =
              table.leaseSignature(message, owner, timeouts.leaseEnd(time.instant()), timeout());
          if (entry instanceof Vacant) {
            return Optional.empty();
          }
          mayHoldLease = false;
        }
        case Leased _ -> {
          if (!sleep(pause, lastRead)) {
            return Optional.of(new CallUnderWay());
          }
          pause = TimeSource.shorter(pause.multipliedBy(3).dividedBy(2), LONGEST_PAUSE);
          entry = table.readSignature(message, timeout());
        }
      }
    }
  }

  private Instant lastRead() {
    Instant longest = time.instant().plus(LONGEST_WAIT);
    Instant end = timeouts.beforeStore().deadline();
    return longest.isBefore(end) ? longest : end;
  }

  /** False if the time is over. */
  private boolean sleep(Duration pause, Instant lastRead) {
    Instant now = time.instant();
    Instant end = now.plus(pause);
    return now.isBefore(lastRead) && time.sleepUntil(end.isBefore(lastRead) ? end : lastRead);
  }

  private SigningResult makeCall() {
    if (!mayHoldLease) {
      return call.apply(timeouts);
    }
    SigningResult result = call.apply(timeouts.beforeStore());
    try {
      if (result instanceof Called(Signed(String signature), _, Instant signedAt)) {
        table.storeSignature(message, signature, signedAt, timeout());
      } else {
        table.releaseSignature(message, owner, timeout());
      }
    } catch (TableUnavailableException e) {
      // The lease ends with its time.
      failed(e);
    }
    return result;
  }

  private Duration timeout() {
    return timeouts.cache(time.instant());
  }

  private void failed(TableUnavailableException e) {
    if (!hasFailed) {
      hasFailed = true;
      onFailure.accept(e);
    }
  }
}
