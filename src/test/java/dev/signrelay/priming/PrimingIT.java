package dev.signrelay.priming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.signrelay.DispatchHandler;
import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.local.LocalContext;
import dev.signrelay.priming.LoopbackServer.Response;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("counts the process's sockets")
final class PrimingIT {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final List<LogEvent> log = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000})
  void oneRequestIsSignedAndAnotherQueued(int callsPerMinute) throws IOException {
    prime(callsPerMinute);

    assertThat(decisions()).contains("signed: answer", "http-503: requeue");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000})
  void oneJobLeavesTheLine(int callsPerMinute) throws IOException {
    primeDispatch(callsPerMinute);

    assertThat(log).extracting(LogEvent::name).containsOnly("dispatch");
    assertThat(log)
        .extracting(event -> event.measurements().get(Metric.DISPATCHED))
        .endsWith(1, 1, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000})
  void oneJobIsSignedAndDeliveredAndOthersAreRequeued(int callsPerMinute) throws IOException {
    primeRetries(callsPerMinute);

    assertThat(decisions())
        .contains("signed: deliver", "http-204: complete", "http-503: requeue", "null: requeue");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void recordsAreWrittenAndOneIsRead(int callsPerMinute) throws IOException {
    primeSign(priming(callsPerMinute, true));
    primeRetries(priming(callsPerMinute, true));

    assertThat(log)
        .extracting(LogEvent::name)
        .contains("job status")
        .doesNotContain("record not written", "record not read");
    assertThat(log)
        .filteredOn(event -> event.name().equals("job status"))
        .allSatisfy(event -> assertThat(event.fields()).containsEntry("status", 200));
  }

  @Test
  void noConnectionIsLeftOpen() throws IOException {
    assumeThat(OPEN_FILES).isDirectory();
    prime(10);
    List<String> before = sockets();

    prime(10);
    primeRetries(10);
    primeDispatch(10);

    assertThat(sockets()).isSubsetOf(before);
  }

  @Test
  void aClientThatStopsInTheMiddleOfARequestDoesNotHoldUpOthers() throws IOException {
    try (var server = LoopbackServer.start(_ -> new Response(200, "answered"));
        Socket stopped = connect(server);
        Socket other = connect(server)) {
      stopped
          .getOutputStream()
          .write("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n".getBytes(UTF_8));
      other.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));

      assertThat(new String(other.getInputStream().readAllBytes(), UTF_8)).endsWith("answered");
    }
  }

  private static Socket connect(LoopbackServer server) throws IOException {
    Socket socket =
        server.tls().client().getSocketFactory().createSocket("localhost", server.url().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private void prime(int callsPerMinute) throws IOException {
    primeSign(priming(callsPerMinute));
  }

  private static void primeSign(Priming priming) throws IOException {
    priming.sign((services, event) -> new SignHandler(services).handleRequest(event, null));
  }

  private void primeRetries(int callsPerMinute) throws IOException {
    primeRetries(priming(callsPerMinute));
  }

  private static void primeRetries(Priming priming) throws IOException {
    priming.retry(
        (services, event) ->
            new RetryHandler(services)
                .handleRequest(
                    event, LocalContext.of("RetryFunction", Priming.TIME, new SystemTime())));
  }

  private void primeDispatch(int callsPerMinute) throws IOException {
    priming(callsPerMinute)
        .dispatch(
            (services, event) ->
                new DispatchHandler(services)
                    .handleRequest(
                        event,
                        LocalContext.of("DispatchFunction", Priming.TIME, new SystemTime())));
  }

  private Priming priming(int callsPerMinute) {
    return priming(callsPerMinute, false);
  }

  private Priming priming(int callsPerMinute, boolean hasRecords) {
    return new Priming(callsPerMinute, hasRecords, new SystemTime(), log::add);
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
