package dev.signrelay.simulation;

import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.Line;
import dev.signrelay.queue.ReceivedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The line for one run of DispatchFunction, with requests that can fail. */
final class FaultyLine implements Line {

  private static final Duration LONG_POLL = Duration.ofSeconds(1);

  private final Invocation invocation;
  private final Map<String, Progress> received = new HashMap<>();

  FaultyLine(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public long length(Duration timeout) {
    return request(timeout, () -> invocation.world.line.length());
  }

  @Override
  public List<ReceivedMessage> receive(int max, Duration hold, Duration timeout) {
    return request(timeout, () -> tagged(invocation.world.line.receive(max, hold)));
  }

  private List<ReceivedMessage> tagged(List<ReceivedMessage> waiting) {
    if (waiting.isEmpty()) {
      invocation.world.time.sleep(LONG_POLL);
    }
    var tagged = new ArrayList<ReceivedMessage>();
    for (ReceivedMessage one : waiting) {
      String body = invocation.receives(one.id(), one.body(), one.redriven());
      invocation.world.invariants.receives(one.id(), invocation);
      received.put(one.receipt(), invocation.jobs.getLast());
      tagged.add(
          new ReceivedMessage(one.id(), one.receipt(), body, one.redriven(), one.enqueuedAt()));
      invocation.trace("takes %s", invocation.jobs.getLast().received);
    }
    return tagged;
  }

  @Override
  public void remove(List<ReceivedMessage> messages, Duration timeout) {
    if (invocation.world.mutation == Mutation.STAY_IN_LINE) {
      return;
    }
    for (ReceivedMessage message : messages) {
      invocation.world.invariants.removes(invocation, received.get(message.receipt()));
    }
    try {
      request(
          timeout,
          () -> {
            invocation.world.line.remove(messages);
            return 0;
          });
    } catch (QueueUnavailableException e) {
      messages.forEach(message -> received.get(message.receipt()).affected = true);
      throw e;
    }
  }

  @Override
  public void release(List<ReceivedMessage> messages, Duration timeout) {
    request(
        timeout,
        () -> {
          invocation.world.line.release(messages);
          return 0;
        });
  }

  private <T> T request(Duration timeout, Supplier<T> effect) {
    World world = invocation.world;
    invocation.step(CrashPoint.BEFORE_A_REQUEST_TO_THE_LINE);
    world.time.sleep(world.queues.latency());
    if (world.incidents.strike(Incident.RECEIVES_DOWN, Incident.QUEUES_DOWN)) {
      world.time.sleep(timeout);
      throw new QueueUnavailableException("the line", new IllegalStateException());
    }
    if (!timeout.isPositive() || world.faults.occurs(Fault.LINE_FAILED)) {
      invocation.trace(Fault.LINE_FAILED.name());
      throw new QueueUnavailableException("the line", new IllegalStateException());
    }
    T response = effect.get();
    if (world.faults.occurs(Fault.LINE_FAILED)) {
      invocation.trace("LINE_FAILED: no response");
      throw new QueueUnavailableException("the line", new IllegalStateException());
    }
    invocation.step(CrashPoint.AFTER_A_REQUEST_TO_THE_LINE);
    return response;
  }
}
