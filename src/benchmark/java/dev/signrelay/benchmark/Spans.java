package dev.signrelay.benchmark;

import dev.signrelay.testing.lambda.ProcessTime.Span;
import org.openjdk.jmh.util.ListStatistics;

/** Repeated measurements of one duration, in ms of wall-clock and of CPU time. */
final class Spans {

  private final ListStatistics wall = new ListStatistics();
  private final ListStatistics cpu = new ListStatistics();

  void add(Span span) {
    wall.addValue(span.wall());
    cpu.addValue(span.cpu());
  }

  double medianWall() {
    return wall.getPercentile(50);
  }

  double p99Wall() {
    return wall.getPercentile(99);
  }

  double medianCpu() {
    return cpu.getPercentile(50);
  }
}
