package dev.signrelay.system;

import dev.signrelay.DispatchHandler;
import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.local.ApiGatewayFront;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.local.LocalServer;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.Schedule;
import dev.signrelay.local.SqsEventSource;
import dev.signrelay.local.Template;
import dev.signrelay.local.Throttle;
import dev.signrelay.testing.ChildJvm;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One of the functions in a separate process, constructed from the environment as in Lambda,
 * together with its API front, event sources or schedule. Arguments: {@code sign PORT}, {@code
 * retry PORT} or {@code dispatch PORT}.
 */
final class FunctionMain {

  /** The template's maximum, because in a burst many invocations share this process. */
  private static final Duration SIGN_TIMEOUT = Duration.ofSeconds(29);

  /** The number of SignFunctions in {@link SystemOfProcesses}. */
  private static final int FRONTS = 2;

  private static final Duration RETRY_TIMEOUT = Duration.ofSeconds(12);

  /** A run receives for 19 s, if upstream calls take at most 10 s. */
  private static final Duration DISPATCH_TIMEOUT = Duration.ofSeconds(75);

  private static final Duration DISPATCH_INTERVAL = Duration.ofSeconds(1);

  private FunctionMain() {}

  static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "sign" -> sign(port);
      case "retry" -> retry(port);
      case "dispatch" -> dispatch(port);
      default -> throw new IllegalArgumentException(args[0]);
    }
    ChildJvm.exitWithParent();
  }

  private static void sign(int port) throws IOException {
    var function = new LambdaFunction("SignFunction", new SignHandler(), SIGN_TIMEOUT);
    var throttle = Throttle.of(Template.read(), FRONTS, new SystemTime());
    var front = new ApiGatewayFront(function, throttle::admit);
    var _ = new LocalServer("127.0.0.1", port, ApiGatewayFront.MAX_HEAD_BYTES, front::handle);
  }

  private static void retry(int port) throws IOException {
    var function = new LambdaFunction("RetryFunction", new RetryHandler(), RETRY_TIMEOUT);
    URI queues = URI.create(System.getenv("AWS_ENDPOINT_URL_SQS"));
    for (String queue : List.of("RETRY_QUEUE_URL", "CALLBACK_QUEUE_URL")) {
      var _ = new SqsEventSource(QueueServer.client(queues), System.getenv(queue), function, 10, 2);
    }
    listen(port);
  }

  private static void dispatch(int port) throws IOException {
    var function = new LambdaFunction("DispatchFunction", new DispatchHandler(), DISPATCH_TIMEOUT);
    var _ = new Schedule(function, Duration.ZERO, DISPATCH_INTERVAL);
    listen(port);
  }

  /** The port only indicates that the process is ready. */
  private static void listen(int port) throws IOException {
    var _ = new LocalServer("127.0.0.1", port, e -> e.respond(200, null, "ready"));
  }
}
