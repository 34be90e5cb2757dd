package dev.signrelay.testing;

import java.io.IOException;

/** Detects optional programs on this machine. */
public final class Program {

  private Program() {}

  /**
   * @param name of a program that supports {@code --version}
   */
  public static boolean isInstalled(String name) {
    try {
      return new ProcessBuilder(name, "--version")
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
