package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.PAUSE_KEPT;

import dev.signrelay.job.JobQueue;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.simulation.SimulatedQueue.Message;
import dev.signrelay.simulation.SimulatedQueues.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/** What an operator does by mistake or on purpose: each in few runs, and once. */
final class Operator {

  private static final double SHARE_OF_RUNS = 0.04;
  private static final double REDRIVES = 0.3;

  /** Until the calls are over that were granted before a pause, and before they begin again. */
  private static final Duration GRANTED_BEFORE = Duration.ofSeconds(10);

  /** A younger dead letter is not recognized as redriven. */
  private static final Duration RECOGNIZED_AFTER = Duration.ofMinutes(2);

  private final World world;

  /** The ids of the jobs that were purged. */
  final Set<String> purged = new HashSet<>();

  /** What was done. */
  final Set<String> actions = new HashSet<>();

  private Instant paused = Instant.MAX;
  private Instant pausedUntil = Instant.MIN;

  Operator(World world) {
    this.world = world;
  }

  void plan() {
    if (world.random.getAsDouble() < SHARE_OF_RUNS) {
      at(Duration.ofMinutes(10), this::purge);
    }
    if (world.random.getAsDouble() < SHARE_OF_RUNS) {
      at(Duration.ofMinutes(10), this::wipe);
    }
    if (world.random.getAsDouble() < SHARE_OF_RUNS) {
      at(Duration.ofMinutes(10), this::pause);
    }
    if (world.random.getAsDouble() < REDRIVES) {
      at(Duration.ofHours(12), this::redrive);
    }
  }

  private void at(Duration latest, Runnable action) {
    world.time.at(World.START.plus(world.random.between(Duration.ZERO, latest)), action);
  }

  private void purge() {
    note("purge");
    world.live.struck(world.time.instant());
    for (Message message : world.queues.of(JobQueue.RETRY).purge()) {
      purged.add(JobCodec.decode(message.body()).id());
    }
  }

  private void wipe() {
    note("wipe");
    pausedUntil = Instant.MIN;
    world.table.wipe();
    world.limits.wipe();
    world.live.struck(world.time.instant().plus(LimitChecker.SETTLED));
  }

  /** A changed limit begins a schedule of its own, so it may end the pause. */
  private void pause() {
    Instant now = world.time.instant();
    Duration length = world.random.between(Duration.ofMinutes(3), Duration.ofMinutes(30));
    if (world.releases.change()) {
      return;
    }
    Instant until = world.table.pause(world.id(), now, now.plus(length));
    if (until != null) {
      note("pause");
      world.live.struck(until);
      paused = now.plus(GRANTED_BEFORE);
      pausedUntil = until.minus(GRANTED_BEFORE);
    }
  }

  /** A call reaches the upstream. */
  void calls() {
    Instant now = world.time.instant();
    world.invariants.require(
        now.isBefore(paused) || now.isAfter(pausedUntil),
        PAUSE_KEPT,
        "a call during the pause from %s to %s",
        paused,
        pausedUntil);
  }

  /** Moves all dead letters to the retry queue, whose functions handle jobs of either stage. */
  private void redrive() {
    Instant now = world.time.instant();
    var letters = new ArrayList<Message>();
    for (SimulatedQueue queue : world.queues.all()) {
      letters.addAll(queue.takeUndeliverable(now.minus(RECOGNIZED_AFTER)));
    }
    for (DeadLetter letter : world.queues.takeDeadLetters(now.minus(RECOGNIZED_AFTER))) {
      letters.add(new Message("", JobCodec.encode(letter.job()), 0, letter.at(), now));
    }
    for (Message letter : letters) {
      note("redrive");
      world.trace.add("operator", "redrives %s", JobCodec.decode(letter.body()));
      world.queues.of(JobQueue.RETRY).redrive(letter);
    }
  }

  private void note(String action) {
    actions.add(action);
    world.trace.add("operator", action.toUpperCase(java.util.Locale.ROOT));
  }
}
