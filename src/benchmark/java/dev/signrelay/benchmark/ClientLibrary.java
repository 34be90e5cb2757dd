package dev.signrelay.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The native part of Lambda's client, for Linux with glibc. In Lambda it is a file; left to itself
 * the client unpacks it at each start, and always to the same path, where processes that start at
 * the same time break it for each other.
 */
final class ClientLibrary {

  private static final String PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  private ClientLibrary() {}

  /** Unpacks it; returns the JVM option that names it. */
  static String unpack(Path folder) throws IOException {
    String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    String resource = "/jni/libaws-lambda-jni.linux-" + processor + ".so";
    Path file = folder.resolve("libaws-lambda-jni.so").toAbsolutePath();
    try (InputStream in = ClientLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return "-D" + PROPERTY + "=" + file;
  }
}
