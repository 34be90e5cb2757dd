package dev.signrelay.simulation;

import static dev.signrelay.simulation.Promise.ATTEMPTS_COUNTED;
import static dev.signrelay.simulation.Promise.DELAYS_GROW;
import static dev.signrelay.simulation.Promise.ONE_ID;
import static dev.signrelay.simulation.Promise.SIGNED_ONCE;

import dev.signrelay.Config;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Watches every step of every job, and notes each promise that is not kept. */
final class Judge {

  record Broken(Promise promise, String how) {}

  /** How much a wait may be cut short: a second by the policy, a second between two clocks. */
  private static final Duration EARLY = Duration.ofSeconds(2);

  private final FaultWorld world;
  private final Config config;
  private final List<Broken> broken = new ArrayList<>();
  private final Map<String, History> histories = new HashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> signed = new HashSet<>();
  private final Set<String> struck = new HashSet<>();

  Judge(FaultWorld world) {
    this.world = world;
    this.config = world.scenario.config();
  }

  List<Broken> broken() {
    return broken;
  }

  void require(boolean kept, Promise promise, String how, Object... details) {
    if (!kept) {
      broken.add(new Broken(promise, how.formatted(details)));
      world.trace.say("BROKEN", promise + ": " + how, details);
    }
  }

  void stored(String messageId, History history) {
    histories.put(messageId, history);
  }

  History history(String messageId) {
    return histories.getOrDefault(messageId, History.NEW);
  }

  /** A fault struck the handling of a message, which may have to be handled again for it. */
  void strike(String messageId) {
    struck.add(messageId);
  }

  private boolean isExcused(String messageId) {
    return struck.contains(messageId) || world.queue.isDuplicated(messageId);
  }

  void signs(Handling handling, String message) {
    History history = handling.progress().history();
    String id = handling.messageId();
    require(!history.signed(), SIGNED_ONCE, "%s had its signature", message);
    require(
        id == null || !signed.contains(id) || isExcused(id),
        SIGNED_ONCE,
        "%s had its signature when it was handled before",
        message);
    require(
        history.signings() <= config.maxAttempts(),
        ATTEMPTS_COUNTED,
        "%s is in its signing attempt number %d",
        message,
        history.signings());
    requireDue(history, message);
  }

  void signed(Handling handling) {
    if (handling.messageId() != null) {
      signed.add(handling.messageId());
    }
  }

  void delivers(Handling handling, String id, String message) {
    History history = handling.progress().history();
    requireId(id, message);
    require(
        history.deliveries() <= config.maxCallbackAttempts(),
        ATTEMPTS_COUNTED,
        "%s is in its delivery number %d",
        message,
        history.deliveries());
    requireDue(history, message);
  }

  private void requireDue(History history, String job) {
    Instant now = world.time.instant();
    require(
        !now.plus(EARLY).isBefore(history.due()),
        DELAYS_GROW,
        "%s was to wait until %s",
        job,
        history.due());
  }

  void requireId(String id, String message) {
    String known = ids.putIfAbsent(message, id);
    require(known == null || known.equals(id), ONE_ID, "%s is %s and %s", message, known, id);
  }

  /** After a failed attempt; any other wait is as long as it likes. */
  void sends(Handling handling, Job job, Duration delay) {
    Progress progress = handling.progress();
    if (!progress.failed()) {
      return;
    }
    History history = progress.history();
    Instant notBefore = job.notBefore();
    Duration wait =
        notBefore == null ? delay : Duration.between(handling.sandbox().instant(), notBefore);
    Duration least = later(history.waited(), progress.asked());
    require(
        wait.compareTo(least) >= 0 && wait.compareTo(config.retryMaxDelay()) <= 0,
        DELAYS_GROW,
        "%s waits %s, and was to wait at least %s",
        job,
        wait,
        least);
    progress.reach(
        history.waiting(
            progress.asked() == null ? wait : history.waited(), world.time.instant().plus(wait)));
  }

  private Duration later(Duration last, @Nullable Duration asked) {
    Duration longest = config.retryMaxDelay();
    Duration bounded = asked == null || asked.compareTo(longest) < 0 ? asked : longest;
    return bounded == null || bounded.compareTo(last) < 0 ? last : bounded;
  }

  void buries(Handling handling, DeadLetterReason reason) {
    History history = handling.progress().history();
    switch (reason.kind()) {
      case SIGNING_EXHAUSTED -> requireAll(reason, history.signings(), config.maxAttempts());
      case CALLBACK_EXHAUSTED ->
          requireAll(reason, history.deliveries(), config.maxCallbackAttempts());
      case MESSAGE_REJECTED, CALLBACK_GONE, CALLBACK_FORBIDDEN -> {}
    }
  }

  private void requireAll(DeadLetterReason reason, int made, int allowed) {
    require(
        made == allowed && reason.attempts() == made,
        ATTEMPTS_COUNTED,
        "given up after %d of %d attempts: %s",
        made,
        allowed,
        reason);
  }
}
