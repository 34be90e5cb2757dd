package dev.signrelay.benchmark;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A function that can be started.
 *
 * @param handler the class's name
 * @param environment the whole one, but for what the runtime adds
 * @param jvmOptions besides those that all have
 */
record Function(
    String handler, String classPath, Map<String, String> environment, List<String> jvmOptions) {

  Function {
    environment = Map.copyOf(environment);
    jvmOptions = List.copyOf(jvmOptions);
  }

  Function with(String... options) {
    return new Function(
        handler,
        classPath,
        environment,
        Stream.concat(jvmOptions.stream(), Stream.of(options)).toList());
  }
}
