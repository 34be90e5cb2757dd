package dev.signrelay.simulation;

import static dev.signrelay.simulation.Promise.ATTEMPTS_COUNTED;
import static dev.signrelay.simulation.Promise.ONE_ID;
import static dev.signrelay.simulation.Promise.SIGNED_ONCE;

import dev.signrelay.Config;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Watches every step of every job, and notes each promise that is not kept. */
final class Judge {

  record Broken(Promise promise, String how) {}

  private final FaultWorld world;
  private final Config config;
  private final Waits waits;
  private final List<Broken> broken = new ArrayList<>();
  private final Map<String, History> histories = new HashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> signed = new HashSet<>();
  private final Set<String> struck = new HashSet<>();

  Judge(FaultWorld world) {
    this.world = world;
    this.config = world.scenario.config();
    this.waits = new Waits(world, this);
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
    waits.requireOver(history, message);
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
    waits.requireOver(history, message);
  }

  void requireId(String id, String message) {
    String known = ids.putIfAbsent(message, id);
    require(known == null || known.equals(id), ONE_ID, "%s is %s and %s", message, known, id);
  }

  void sends(Handling handling, Job job, Duration delay) {
    if (handling.progress().failed()) {
      waits.begin(handling, job, delay);
    }
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
