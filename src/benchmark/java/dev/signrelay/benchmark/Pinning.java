package dev.signrelay.benchmark;

import dev.signrelay.testing.Program;
import java.util.List;

/** Keeps a process on one processor, as a function with 1,769 MB or less has it. */
final class Pinning {

  private Pinning() {}

  /** What a command line begins with; nothing where there is no {@code taskset}. */
  static List<String> toOneProcessor() {
    return Program.isInstalled("taskset") ? List.of("taskset", "-c", "0") : List.of();
  }
}
