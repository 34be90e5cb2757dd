package dev.signrelay.testing.lambda;

import dev.signrelay.local.Template;
import dev.signrelay.testing.RuntimeJars;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The template's functions from what {@code sam build} makes of this project, here in links: our
 * classes, and in {@code lib} the jars that travel to Lambda. As in Lambda, the JVM itself has
 * nothing but Lambda's client on its class path.
 */
public final class PackagedFunctions {

  private static final Path CLASSES = Path.of("target/classes");

  private final Template template;
  private final Path folder;
  private final Path task;
  private final String clientLibrary;

  /**
   * @param folder an empty one; what functions print goes there too
   */
  public PackagedFunctions(Template template, Path folder) throws IOException {
    this.template = template;
    this.folder = folder;
    task = Files.createDirectory(folder.resolve("task"));
    try (var fakes = Files.newDirectoryStream(CLASSES)) {
      for (Path part : fakes) {
        link(task, part);
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
   * @param name the template's
   */
  public FunctionProcess start(String name, Start start, Map<String, String> environment)
      throws IOException {
    String classPath =
        RuntimeClient.jars().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    var function =
        new Function(
            template.properties(name).get("Handler").toString(),
            classPath,
            task,
            Files.createTempFile(folder, name, ".log"),
            environment,
            List.of(clientLibrary));
    return new FunctionProcess(function, start, List.of());
  }
}
