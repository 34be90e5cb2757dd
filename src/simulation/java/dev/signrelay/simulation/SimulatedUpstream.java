package dev.signrelay.simulation;

import dev.signrelay.job.SigningOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * An upstream that responds 429 to calls over its limit in any 60 s, unless that is 0. Calls count
 * when they arrive, not when they are sent; refused calls count, too.
 */
final class SimulatedUpstream {

  /** The messages that fail, until a time. */
  record Outage(Predicate<String> messages, Instant until) {

    static final Outage NONE = new Outage(_ -> false, Instant.MIN);
  }

  /** A call, at its time of arrival. */
  record Call(Instant at, String message, int status) {}

  static final Duration WINDOW = Duration.ofSeconds(60);

  private static final Duration MIN_TRAVEL = Duration.ofMillis(20);
  private static final Duration MAX_TRAVEL = Duration.ofMillis(400);
  private static final Duration FASTEST = Duration.ofMillis(50);
  private static final Duration SLOWEST = Duration.ofMillis(600);
  private static final String SIGNED = "signed ";

  private final VirtualTime time;
  private final SeededRandom random;

  /** Is called for each call that arrives. */
  Runnable onCall = () -> {};

  private Duration fastest = FASTEST;
  private Duration slowest = SLOWEST;
  private final int limit;
  private final Outage outage;

  /** All calls, in the order of arrival. */
  final List<Call> calls = new ArrayList<>();

  SimulatedUpstream(VirtualTime time, SeededRandom random, int limit, Outage outage) {
    this.time = time;
    this.random = random;
    this.limit = limit;
    this.outage = outage;
  }

  /**
   * Sends a request and receives the response, over a connection that is established.
   *
   * @param message with its tag, which the signature has, too
   */
  SigningOutcome call(String message, Duration timeout) {
    Duration travel = random.between(MIN_TRAVEL, MAX_TRAVEL);
    Duration processing = random.between(fastest, slowest);
    if (travel.compareTo(timeout) >= 0) {
      // The request arrives after the caller has stopped waiting.
      time.at(time.instant().plus(travel), () -> arrive(message));
      time.sleep(timeout);
      return new SigningOutcome.Failed("timeout", null);
    }
    time.sleep(travel);
    int status = arrive(message);
    Duration left = timeout.minus(travel);
    if (processing.compareTo(left) >= 0) {
      time.sleep(left);
      return new SigningOutcome.Failed("timeout", null);
    }
    time.sleep(processing);
    return status == 200
        ? new SigningOutcome.Signed(signatureOf(message))
        : new SigningOutcome.Failed("http-" + status, null);
  }

  /** Sets how long calls take after they have arrived. */
  void takes(Duration least, Duration most) {
    fastest = least;
    slowest = most;
  }

  private int arrive(String tagged) {
    String message = RecordTag.remove(tagged);
    int status = status(message);
    calls.add(new Call(time.instant(), message, status));
    onCall.run();
    return status;
  }

  private int status(String message) {
    Instant now = time.instant();
    if (limit > 0
        && calls.size() >= limit
        && calls.get(calls.size() - limit).at().isAfter(now.minus(WINDOW))) {
      return 429;
    }
    return outage.messages().test(message) && now.isBefore(outage.until()) ? 503 : 200;
  }

  static String signatureOf(String message) {
    return SIGNED + message;
  }

  /** The message that was signed. */
  static String messageOf(String signature) {
    return signature.substring(SIGNED.length());
  }
}
