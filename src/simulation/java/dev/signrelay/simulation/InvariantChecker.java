package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.ATTEMPTS_COUNTED;
import static dev.signrelay.simulation.Invariant.ONE_ID;
import static dev.signrelay.simulation.Invariant.SIGNED_ONCE;

import dev.signrelay.app.Config;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Watches every step of every job, and notes each promise that is not kept. */
final class InvariantChecker {

  record Broken(Invariant promise, String how) {}

  private final FaultWorld world;
  private final Config config;
  private final DelayChecker waits;
  private final List<Broken> broken = new ArrayList<>();
  private final Map<String, History> histories = new HashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> signed = new HashSet<>();
  private final Set<String> struck = new HashSet<>();

  InvariantChecker(FaultWorld world) {
    this.world = world;
    this.config = world.scenario.config();
    this.waits = new DelayChecker(world, this);
  }

  List<Broken> broken() {
    return broken;
  }

  void require(boolean kept, Invariant promise, String how, Object... details) {
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

  /** A fault struck the invocation of a message, which may have to be handled again for it. */
  void strike(String messageId) {
    struck.add(messageId);
  }

  private boolean isExcused(String messageId) {
    return struck.contains(messageId) || world.queue.isDuplicated(messageId);
  }

  void signs(Invocation invocation, String message) {
    History history = invocation.progress().history();
    String id = invocation.messageId();
    require(!history.signed(), SIGNED_ONCE, "%s had its signature", message);
    require(
        id == null || !signed.contains(id) || isExcused(id),
        SIGNED_ONCE,
        "%s had its signature when it was handled before",
        message);
    require(
        history.signings() <= config.retry().maxAttempts(),
        ATTEMPTS_COUNTED,
        "%s is in its signing attempt number %d",
        message,
        history.signings());
    waits.requireOver(history, message);
  }

  void signed(Invocation invocation) {
    if (invocation.messageId() != null) {
      signed.add(invocation.messageId());
    }
  }

  void delivers(Invocation invocation, String id, String message) {
    History history = invocation.progress().history();
    requireId(id, message);
    require(
        history.deliveries() <= config.callback().maxAttempts(),
        ATTEMPTS_COUNTED,
        "%s is in its delivery number %d",
        message,
        history.deliveries());
    waits.requireOver(history, message);
  }

  void requireId(String id, String message) {
    String known = ids.putIfAbsent(message, id);
    require(known == null || known.equals(id), ONE_ID, "%s is %s and %s", message, known, id);
  }

  void sends(Invocation invocation, Job job, Duration delay) {
    if (invocation.progress().failed()) {
      waits.begin(invocation, job, delay);
    }
  }

  void deadLettered(Invocation invocation, DeadLetterReason reason) {
    History history = invocation.progress().history();
    switch (reason.kind()) {
      case SIGNING_EXHAUSTED ->
          requireAll(reason, history.signings(), config.retry().maxAttempts());
      case CALLBACK_EXHAUSTED ->
          requireAll(reason, history.deliveries(), config.callback().maxAttempts());
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
