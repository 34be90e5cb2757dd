package dev.signrelay.testing;

import dev.signrelay.job.Job;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.Line;
import dev.signrelay.queue.ReceivedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A line in memory. A received message is visible again only if it is released. */
public final class FakeLine implements Line {

  /** The receipts of the messages that were removed. */
  public final List<String> removed = new ArrayList<>();

  /** The receipts of the messages that were released. */
  public final List<String> released = new ArrayList<>();

  /** How many messages were asked for in each receive. */
  public final List<Integer> requested = new ArrayList<>();

  /** The sizes of the receives. */
  public final List<Integer> received = new ArrayList<>();

  /** How long received messages are held. */
  public final List<Duration> holds = new ArrayList<>();

  /** How many jobs are counted that are no longer in line. */
  public int countedTooMany;

  public boolean isDown;

  /** How many further requests fail. */
  public int failures;

  /** When the next job joins. */
  public Instant joinsAt = FakeTime.START;

  /** Whether messages can be received, but not removed. */
  public boolean refusesRemoval;

  /** Runs before each receive. */
  public Runnable beforeReceive = () -> {};

  private final List<ReceivedMessage> waiting = new ArrayList<>();
  private final List<ReceivedMessage> joined = new ArrayList<>();

  /** Lets a job join the line. */
  public FakeLine join(Job job) {
    return join(JobCodec.encode(job));
  }

  /** Lets a message join the line. */
  public synchronized FakeLine join(String body) {
    int n = joined.size() + 1;
    var message = new ReceivedMessage("message-" + n, "receipt-" + n, body, false, joinsAt);
    joined.add(message);
    waiting.add(message);
    return this;
  }

  @Override
  public synchronized long length(Duration timeout) {
    requireUp();
    return waiting.size() + countedTooMany;
  }

  @Override
  public List<ReceivedMessage> receive(int max, Duration hold, Duration timeout) {
    beforeReceive.run();
    return receive(max, hold);
  }

  private synchronized List<ReceivedMessage> receive(int max, Duration hold) {
    requireUp();
    List<ReceivedMessage> head = waiting.subList(0, Math.min(max, waiting.size()));
    var messages = List.copyOf(head);
    head.clear();
    requested.add(max);
    received.add(messages.size());
    holds.add(hold);
    return messages;
  }

  @Override
  public synchronized void remove(List<ReceivedMessage> messages, Duration timeout) {
    require(!isDown && !refusesRemoval);
    messages.forEach(message -> removed.add(message.receipt()));
  }

  /** Puts messages in their places. */
  @Override
  public synchronized void release(List<ReceivedMessage> messages, Duration timeout) {
    requireUp();
    messages.forEach(message -> released.add(message.receipt()));
    waiting.addAll(messages);
    waiting.sort(Comparator.comparingInt(joined::indexOf));
  }

  private void requireUp() {
    require(!isDown && failures-- <= 0);
  }

  private static void require(boolean answers) {
    if (!answers) {
      throw new QueueUnavailableException("the line is down", new IllegalStateException());
    }
  }
}
