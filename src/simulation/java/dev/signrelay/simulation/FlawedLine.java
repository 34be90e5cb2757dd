package dev.signrelay.simulation;

import dev.signrelay.queue.Line;
import java.time.Duration;
import java.util.List;

/** A line from which no job is removed. */
record FlawedLine(Line line) implements Line {

  @Override
  public long length(Duration timeout) {
    return line.length(timeout);
  }

  @Override
  public List<Waiting> receive(int max, Duration timeout) {
    return line.receive(max, timeout);
  }

  @Override
  public void remove(List<Waiting> jobs, Duration timeout) {
    // The defect.
  }
}
