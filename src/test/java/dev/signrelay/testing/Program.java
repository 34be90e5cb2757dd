package dev.signrelay.testing;

import java.io.IOException;

/** Programs of this machine, which another may not have. */
public final class Program {

  private Program() {}

  /**
   * @param name of one that knows {@code --version}
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
