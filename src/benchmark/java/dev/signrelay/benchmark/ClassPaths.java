package dev.signrelay.benchmark;

import dev.signrelay.testing.RuntimeJars;
import dev.signrelay.testing.lambda.RuntimeClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The class paths of functions.
 *
 * @param packaged what travels to Lambda: our classes and the jars of run time
 * @param client Lambda's runtime interface client
 * @param benchmark our own handlers
 */
record ClassPaths(List<Path> packaged, List<Path> client, Path benchmark) {

  /** Reads what the build has written. */
  static ClassPaths read() throws IOException {
    List<Path> packaged =
        Stream.concat(Stream.of(Path.of("target/classes")), RuntimeJars.read().files().stream())
            .toList();
    return new ClassPaths(packaged, RuntimeClient.jars(), Path.of("target/test-classes"));
  }

  /** For the floor: the client alone. */
  String ofHello() {
    return joined(List.of(client, List.of(benchmark)));
  }

  /** For a function of ours. */
  String ofFunction() {
    return joined(List.of(packaged, client));
  }

  /** For a handler of the benchmark's that uses a part of ours. */
  String ofBoth() {
    return joined(List.of(packaged, client, List.of(benchmark)));
  }

  private static String joined(List<List<Path>> parts) {
    return String.join(
        File.pathSeparator,
        parts.stream()
            .flatMap(List::stream)
            .distinct()
            .map(path -> path.toAbsolutePath().toString())
            .toList());
  }
}
