package dev.signrelay.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@link OutsideMain} in a process of its own, so that it costs the functions nothing. */
final class OutsideProcess implements AutoCloseable {

  private final Process process;
  private final Certificate certificate;
  private final Map<String, String> addresses;

  OutsideProcess(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
    certificate = Certificate.in(folder);
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dsun.net.httpserver.nodelay=true",
                    "-Xmx1g",
                    "-cp",
                    System.getProperty("java.class.path"),
                    OutsideMain.class.getName(),
                    certificate.keys().toString()))
            .redirectError(folder.resolve("outside.log").toFile())
            .start();
    addresses = read(process.inputReader(StandardCharsets.UTF_8));
  }

  private static Map<String, String> read(BufferedReader lines) throws IOException {
    var addresses = new HashMap<String, String>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals("ready")) {
        return addresses;
      }
      String[] words = line.split(" ");
      if (words.length == 3 && words[0].equals("outside")) {
        addresses.put(words[1], words[2]);
      }
    }
    throw new IllegalStateException("The servers did not start: see target/benchmark/outside.log");
  }

  /**
   * @param name as {@link OutsideMain} tells it
   */
  String address(String name) {
    return addresses.get(name);
  }

  Path trusted() {
    return certificate.trusted();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
