package dev.signrelay.benchmark;

import java.io.IOException;
import java.util.List;

/** Keeps a process on one processor, as a function with 1,769 MB or less has it. */
final class Pinning {

  private Pinning() {}

  /** What a command line begins with; nothing where there is no {@code taskset}. */
  static List<String> toOneProcessor() {
    return isThere() ? List.of("taskset", "-c", "0") : List.of();
  }

  private static boolean isThere() {
    try {
      return new ProcessBuilder("taskset", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
