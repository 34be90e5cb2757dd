package dev.signrelay.testing.lambda;

import dev.signrelay.local.Template;
import dev.signrelay.testing.RuntimeJars;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The template's functions in a directory with the layout of {@code sam build}: links to our
 * classes, and in {@code lib} links to the jars that are deployed. As in Lambda, the class path of
 * the JVM contains only Lambda's client. Their output is in {@code target/lambda}.
 */
public final class PackagedFunctions {

  private static final Path CLASSES = Path.of("target/classes");

  private final Template template = Template.read();
  private final RecordingBackends backends;
  private final Path folder;
  private final Path task;
  private final String clientLibrary;

  public PackagedFunctions(RecordingBackends backends) throws IOException {
    this.backends = backends;
    folder = Files.createTempDirectory(Files.createDirectories(Path.of("target/lambda")), "run");
    task = Files.createDirectory(folder.resolve("task"));
    try (var files = Files.newDirectoryStream(CLASSES)) {
      for (Path file : files) {
        link(task, file);
      }
    }
    Path lib = Files.createDirectory(task.resolve("lib"));
    for (Path jar : RuntimeJars.read().files()) {
      link(lib, jar);
    }
    clientLibrary = RuntimeClient.unpackLibrary(folder);
  }

  private static void link(Path folder, Path target) throws IOException {
    Files.createSymbolicLink(folder.resolve(target.getFileName()), target.toAbsolutePath());
  }

  /**
   * @param name of the function in the template
   * @param settings that differ from those of the backends
   */
  public FunctionProcess start(String name, Start start, Map<String, String> settings)
      throws IOException {
    var environment = new HashMap<>(backends.environment());
    environment.putAll(settings);
    String classPath =
        RuntimeClient.jars().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    var function =
        new FunctionConfig(
            template.properties(name).get("Handler").toString(),
            classPath,
            task,
            Files.createTempFile(folder, name, ".log"),
            environment,
            List.of(clientLibrary));
    return new FunctionProcess(function, start, List.of());
  }
}
