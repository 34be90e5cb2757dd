package dev.signrelay.priming;

import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.testing.TestEnvironment;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Creates the services as before a snapshot, copies this process twice with {@code fork(2)}, and
 * prints a line of numbers that each copy generates. The copies have the same memory, as two
 * processes have that are restored from one snapshot.
 *
 * <p>Only the thread that forks lives on in a copy. So it must not need the JVM's other threads: it
 * runs code that was run before, without a compiler ({@code -Xint}) and a garbage collection.
 */
final class CopiedProcessMain {

  /**
   * A restore takes longer. The JDK uses bytes of {@code /dev/urandom} that it has read within the
   * last 100 ms, so copies that are faster would generate the same numbers.
   */
  private static final int RESTORE_MILLIS = 300;

  private static final int RANDOM_OF_CLIENT_HELLO = 11;

  private final Services services;
  private final SSLContext tls;
  private final Random seeded = new Random(1);

  private CopiedProcessMain(Services services, SSLContext tls) {
    this.services = services;
    this.tls = tls;
  }

  static void main() throws Throwable {
    var settings = new HashMap<>(TestEnvironment.REQUIRED);
    settings.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    var process =
        new CopiedProcessMain(
            SnapStart.services(_ -> {}, settings::get, AwsClients.fromEnvironment()),
            SSLContext.getDefault());
    MethodHandle fork = function("fork", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    MethodHandle waitFor =
        function(
            "waitpid",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    MethodHandle exit = function("_exit", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    // Loads the classes.
    process.print(System.err);
    process.print(System.err);
    for (int copy = 0; copy < 2; copy++) {
      int pid = (int) fork.invokeExact();
      if (pid == 0) {
        Thread.sleep(RESTORE_MILLIS);
        process.print(System.out);
        exit.invokeExact(0);
      }
      int _ = (int) waitFor.invokeExact(pid, MemorySegment.NULL, 0);
    }
  }

  @SuppressWarnings("restricted") // the build allows it by name
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  /**
   * Prints a number of a seeded generator, an id, a jitter, and the random number of a handshake.
   */
  private void print(PrintStream out) throws Exception {
    out.println(
        seeded.nextLong()
            + " "
            + services.platform().ids().get()
            + " "
            + services.platform().random().getAsDouble()
            + " "
            + clientRandom());
    out.flush();
  }

  /** The random bytes of a TLS client's first message (RFC 8446, 4.1.2). */
  private String clientRandom() throws Exception {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    return HexFormat.of()
        .formatHex(hello.array(), RANDOM_OF_CLIENT_HELLO, RANDOM_OF_CLIENT_HELLO + 32);
  }
}
