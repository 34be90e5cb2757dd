package dev.signrelay.system;

import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.local.ApiGatewayFront;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.local.LocalServer;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.SqsEventSource;
import dev.signrelay.local.Template;
import dev.signrelay.local.Throttle;
import dev.signrelay.testing.ChildJvm;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * One of the functions in a separate process, constructed from the environment as in Lambda,
 * together with its API front or event source. Arguments: {@code sign PORT} or {@code retry PORT}.
 */
final class FunctionMain {

  private static final Duration SIGN_TIMEOUT = Duration.ofSeconds(5);

  /** The number of SignFunctions in {@link SystemOfProcesses}. */
  private static final int FRONTS = 2;

  private static final Duration RETRY_TIMEOUT = Duration.ofSeconds(8);

  /**
   * The JDK's HTTP server closes idle connections above 200. A client that uses such a connection
   * at that moment would get no response.
   */
  private static final String IDLE_CONNECTIONS = "sun.net.httpserver.maxIdleConnections";

  private FunctionMain() {}

  static void main(String[] args) throws IOException {
    System.setProperty(IDLE_CONNECTIONS, "2000");
    int port = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "sign" -> sign(port);
      case "retry" -> retry(port);
      default -> throw new IllegalArgumentException(args[0]);
    }
    ChildJvm.exitWithParent();
  }

  private static void sign(int port) throws IOException {
    var function = new LambdaFunction("SignFunction", new SignHandler(), SIGN_TIMEOUT);
    var throttle = Throttle.of(Template.read(), FRONTS, new SystemTime());
    var front = new ApiGatewayFront(function, throttle::admit);
    var _ = new LocalServer("127.0.0.1", port, front::handle);
  }

  /** The port only indicates that the process is ready. */
  private static void retry(int port) throws IOException {
    var function = new LambdaFunction("RetryFunction", new RetryHandler(), RETRY_TIMEOUT);
    URI queues = URI.create(System.getenv("AWS_ENDPOINT_URL_SQS"));
    var _ =
        new SqsEventSource(
            QueueServer.client(queues), System.getenv("RETRY_QUEUE_URL"), function, 10, 2);
    var _ = new LocalServer("127.0.0.1", port, e -> LocalServer.respond(e, 200, null, "ready"));
  }
}
