package dev.signrelay.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars that travel to Lambda, as Maven resolves them for run time. */
public record RuntimeJars(List<Path> files) {

  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(jar -> jar.getFileName().toString());

  /** Reads what the build writes before tests run. */
  public static RuntimeJars read() throws IOException {
    String classPath = Files.readString(Path.of("target/runtime-jars.txt")).strip();
    return new RuntimeJars(
        Stream.of(classPath.split(File.pathSeparator)).map(Path::of).sorted(BY_NAME).toList());
  }

  /** The table of docs/dependencies.md, the largest first, in KB of 1,000 bytes. */
  public String table() {
    return files.stream()
        .sorted(Comparator.comparing(RuntimeJars::size).reversed())
        .map(jar -> row("`" + jar.getFileName() + "`", size(jar)))
        .collect(
            Collectors.joining(
                "",
                "| jar | KB |\n|---|--:|\n",
                row(files.size() + " jars", files.stream().mapToLong(RuntimeJars::size).sum())));
  }

  private static String row(String name, long bytes) {
    return String.format(Locale.ROOT, "| %s | %,d |\n", name, Math.round(bytes / 1000.0));
  }

  private static long size(Path jar) {
    try {
      return Files.size(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
