package dev.signrelay.testing.lambda;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to start a function in a {@link FunctionProcess}.
 *
 * @param handler the name of the class, optionally with a method: {@code Class::method}
 * @param classPath the class path of the JVM
 * @param folder the working directory, in which Lambda's client also looks for classes and jars
 * @param log the file that the process's standard output is appended to
 * @param environment the complete environment, except for the variables of Lambda's runtime
 * @param jvmOptions in addition to those of all functions
 */
public record FunctionConfig(
    String handler,
    String classPath,
    Path folder,
    Path log,
    Map<String, String> environment,
    List<String> jvmOptions) {

  public FunctionConfig {
    environment = Map.copyOf(environment);
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** The file that the process's standard error is appended to, beside {@link #log}. */
  Path errors() {
    return log.resolveSibling(log.getFileName() + ".err");
  }
}
