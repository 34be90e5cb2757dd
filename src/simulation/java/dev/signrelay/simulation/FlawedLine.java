package dev.signrelay.simulation;

import dev.signrelay.queue.Line;
import dev.signrelay.queue.ReceivedMessage;
import java.time.Duration;
import java.util.List;

/** A line from which no job is removed. */
record FlawedLine(Line line) implements Line {

  @Override
  public long length(Duration timeout) {
    return line.length(timeout);
  }

  @Override
  public List<ReceivedMessage> receive(int max, Duration hold, Duration timeout) {
    return line.receive(max, hold, timeout);
  }

  @Override
  public void remove(List<ReceivedMessage> messages, Duration timeout) {
    // The defect.
  }

  @Override
  public void release(List<ReceivedMessage> messages, Duration timeout) {
    line.release(messages, timeout);
  }
}
