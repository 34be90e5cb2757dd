package dev.signrelay.testing.lambda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** AWS's runtime interface client, which runs a function in Lambda. */
public final class RuntimeClient {

  public static final String MAIN_CLASS =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  private static final String LIBRARY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  /** By {@code os.arch}. */
  private static final Map<String, Platform> PLATFORMS =
      Map.of(
          "amd64", new Platform("x86_64", Path.of("/lib64/ld-linux-x86-64.so.2")),
          "aarch64", new Platform("aarch_64", Path.of("/lib/ld-linux-aarch64.so.1")));

  /**
   * @param name in the file names of the client's native libraries
   * @param loader of glibc
   */
  private record Platform(String name, Path loader) {}

  private RuntimeClient() {}

  /** Whether its native library supports this machine: Linux with glibc, on x86-64 or arm64. */
  public static boolean runsHere() {
    Platform platform = PLATFORMS.get(processor());
    return platform != null && Files.exists(platform.loader);
  }

  /** The client and its dependencies. */
  public static List<Path> jars() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(jar -> name(jar).matches("(aws-lambda-java|utils-lite)-.*\\.jar"))
        .toList();
  }

  /**
   * Unpacks its native library. By default the client does this at each start, always to the same
   * path, so that processes that start at the same time overwrite each other's file.
   *
   * @return the JVM option with the path of the library
   */
  public static String unpackLibrary(Path folder) throws IOException {
    String resource = "/jni/libaws-lambda-jni.linux-" + PLATFORMS.get(processor()).name + ".so";
    Path file = folder.resolve("libaws-lambda-jni.so").toAbsolutePath();
    try (InputStream in = RuntimeClient.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return "-D" + LIBRARY + "=" + file;
  }

  private static String processor() {
    return System.getProperty("os.arch");
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
