package dev.signrelay.testing.lambda;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A function that can be started.
 *
 * @param handler the class's name, and perhaps the method's
 * @param classPath what the JVM is started with
 * @param folder where it runs, and where Lambda's client looks for classes and jars besides
 * @param log what it prints is added there
 * @param environment the whole one, but for what the runtime adds
 * @param jvmOptions besides those that all have
 */
public record Function(
    String handler,
    String classPath,
    Path folder,
    Path log,
    Map<String, String> environment,
    List<String> jvmOptions) {

  public Function {
    environment = Map.copyOf(environment);
    jvmOptions = List.copyOf(jvmOptions);
  }

  public Function with(String... options) {
    return new Function(
        handler,
        classPath,
        folder,
        log,
        environment,
        Stream.concat(jvmOptions.stream(), Stream.of(options)).toList());
  }
}
