package dev.signrelay.priming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import dev.signrelay.DispatchHandler;
import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.local.LocalContext;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.Night;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(Resources.SYSTEM_PROPERTIES) // priming sets one
final class PrimingIT {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final List<LogEvent> log = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneRequestIsSignedAndAnotherQueued(boolean isLimited) throws IOException {
    prime(isLimited);

    assertThat(decisions()).contains("signed: answer", "http-503: requeue");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jobsInLineAreSignedAndOthersRequeued(boolean isLimited) throws IOException {
    primeDispatch(isLimited);

    assertThat(decisions()).contains("signed: deliver", "http-503: requeue");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jobsAreSignedAndDeliveredAndOthersRequeued(boolean isLimited) throws IOException {
    primeRetries(isLimited);

    assertThat(decisions())
        .contains("signed: deliver", "http-204: complete", "http-503: requeue", "null: requeue");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordsAreWrittenAndOneIsRead(boolean isLimited) throws IOException {
    primeSign(priming(isLimited, true));
    primeRetries(priming(isLimited, true));

    assertThat(log)
        .extracting(LogEvent::name)
        .contains("job status")
        .doesNotContain("record not written", "record not read");
    assertThat(log)
        .filteredOn(event -> event.name().equals("job status"))
        .allSatisfy(event -> assertThat(event.fields()).containsEntry("status", 200));
  }

  @Test
  void aClientThatStopsInTheMiddleOfARequestDoesNotHoldUpOthers() throws IOException {
    try (var server = LoopbackServer.start(PrimingIT::answer);
        Socket stopped = connect(server);
        Socket other = connect(server)) {
      stopped
          .getOutputStream()
          .write("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n".getBytes(UTF_8));
      other.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));

      assertThat(new String(other.getInputStream().readAllBytes(), UTF_8)).endsWith("answered");
    }
  }

  /** {@code LambdaRuntimeIT} counts the sockets of each function after its priming. */
  @Nested
  @Night
  @Isolated("counts the process's sockets")
  final class Sockets {

    @Test
    void noConnectionIsLeftOpen() throws IOException {
      assumeThat(OPEN_FILES).isDirectory();
      prime(true);
      List<String> before = sockets();

      prime(true);
      primeRetries(true);
      primeDispatch(true);

      assertThat(sockets()).isSubsetOf(before);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Connection", "close");
      exchange.sendResponseHeaders(200, "answered".length());
      exchange.getResponseBody().write("answered".getBytes(UTF_8));
    }
  }

  private static Socket connect(LoopbackServer server) throws IOException {
    Socket socket =
        server
            .tls()
            .newClient()
            .getSocketFactory()
            .createSocket("localhost", server.url().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private void prime(boolean isLimited) throws IOException {
    primeSign(priming(isLimited));
  }

  private static void primeSign(Priming priming) throws IOException {
    priming.sign((services, event) -> new SignHandler(services).handleRequest(event, null));
  }

  private void primeRetries(boolean isLimited) throws IOException {
    primeRetries(priming(isLimited));
  }

  private static void primeRetries(Priming priming) throws IOException {
    priming.retry(
        (services, event) ->
            new RetryHandler(services)
                .handleRequest(
                    event, LocalContext.of("RetryFunction", Priming.TIME, new SystemTime())));
  }

  private void primeDispatch(boolean isLimited) throws IOException {
    priming(isLimited)
        .dispatch(
            (services, event) ->
                new DispatchHandler(services)
                    .handleRequest(
                        event,
                        LocalContext.of(
                            "DispatchFunction",
                            Priming.DISPATCH_TIME.plusSeconds(1),
                            new SystemTime())));
  }

  private Priming priming(boolean isLimited) {
    return priming(isLimited, false);
  }

  private Priming priming(boolean isLimited, boolean hasRecords) {
    return new Priming(2, isLimited, hasRecords, new SystemTime(), log::add);
  }

  private List<String> decisions() {
    return log.stream()
        .map(line -> line.fields().get("outcome") + ": " + line.fields().get("decision"))
        .toList();
  }

  private static List<String> sockets() throws IOException {
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return files.map(PrimingIT::target).filter(name -> name.startsWith("socket:")).toList();
    }
  }

  /** Empty for a file that was closed meanwhile, such as the listing's own. */
  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException _) {
      return "";
    }
  }
}
