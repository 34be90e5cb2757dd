package dev.signrelay.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The jars that are deployed to Lambda: the dependencies of the scope runtime, by name. */
public record RuntimeJars(List<Path> files) {

  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(jar -> jar.getFileName().toString());

  /** Reads the list that the build writes before the tests run. */
  public static RuntimeJars read() throws IOException {
    String classPath = Files.readString(Path.of("target/runtime-jars.txt")).strip();
    return new RuntimeJars(
        Stream.of(classPath.split(File.pathSeparator)).map(Path::of).sorted(BY_NAME).toList());
  }
}
