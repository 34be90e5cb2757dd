package dev.signrelay.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.http.LocalTls;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RawServer.Connection;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import dev.signrelay.testing.http.ServerFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class HttpDeadlineIT extends TransportFixture {

  private static final Duration SHORT = Duration.ofMillis(100);

  @ParameterizedTest
  @EnumSource(
      value = ServerFault.class,
      names = {"NEVER_ANSWERS", "TRICKLES_BODY", "CLOSES_SILENTLY"})
  void threeHundredFailedCallsLeakNoConnection(ServerFault misbehaviour) throws Exception {
    server.handleWith(misbehaviour);
    threeHundredFail(() -> execute(server.url("/"), SHORT));
    server.handleWith(ANSWERS);
    assertThat(text(execute(server.url("/"), AMPLE))).isEqualTo("fine");
    awaitTheEndOfAllConnections();
  }

  /** No call is answered before all have been sent. */
  @Test
  void asManyCallsAtOnceAsAProcessMayMakeDoNotWaitForConnections() throws Exception {
    var sent = new CountDownLatch(HttpClients.MAX_CALLS);
    server.handleWith(
        connection -> {
          connection.readRequest();
          sent.countDown();
          awaitUninterruptibly(sent);
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
        });
    Callable<HttpResult> call = () -> execute(server.url("/"), AMPLE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var ended : threads.invokeAll(Collections.nCopies(HttpClients.MAX_CALLS, call))) {
        assertThat(text(ended.get())).isEqualTo("fine");
      }
    }
  }

  @Test
  void threeHundredLateNameResolutionsLeakNoConnection() throws Exception {
    var late = new DelayedDnsResolver();
    HttpTransport named = transport(resolving(late));
    threeHundredFail(() -> named.execute(get(lateUrl(), SHORT)));
    late.released.countDown();
    assertThat(text(named.execute(get(lateUrl(), AMPLE)))).isEqualTo("fine");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aNameThatResolvesAfterTheTimeoutIsNotConnectedTo() throws Exception {
    var late = new DelayedDnsResolver();
    HttpTransport named = transport(resolving(late));
    var result = new CompletableFuture<HttpResult>();
    Thread caller =
        Thread.startVirtualThread(() -> result.complete(named.execute(get(lateUrl(), AMPLE))));
    Thread resolving = late.firstCaller.get(5, SECONDS);
    caller.interrupt();
    assertThat(result.get(5, SECONDS)).isEqualTo(new NoReply(Cause.TIMEOUT, null));
    late.released.countDown();
    // Until now it waited without a limit. Now it waits for another call, for a limited time.
    await("the end of the call")
        .atMost(5, SECONDS)
        .until(() -> resolving.getState() == Thread.State.TIMED_WAITING);
    // Connections are accepted in order: this one is the first.
    assertThat(text(execute(server.url("/"), AMPLE))).isEqualTo("fine");
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -1_500})
  void aCallWithoutTimeLeftIsATimeoutAndIsNotMade(long millis) {
    assertThat(execute(server.url("/"), Duration.ofMillis(millis)))
        .isEqualTo(new NoReply(Cause.TIMEOUT, null));
    assertThat(server.connections()).isZero();
  }

  @Test
  void anInterruptedCallIsATimeoutThatClosesItsConnectionAndKeepsTheInterruptStatus()
      throws Exception {
    server.handleWith(ServerFault.NEVER_ANSWERS);
    var result = new CompletableFuture<HttpResult>();
    var stillInterrupted = new CompletableFuture<Boolean>();
    Thread caller =
        Thread.startVirtualThread(
            () -> {
              result.complete(execute(server.url("/"), AMPLE));
              stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
    await("a request").atMost(30, SECONDS).until(() -> server.requests().size() == 1);
    caller.interrupt();
    assertThat(result.get(5, SECONDS)).isEqualTo(new NoReply(Cause.TIMEOUT, null));
    assertThat(stillInterrupted.get(5, SECONDS)).isTrue();
    awaitTheEndOfAllConnections();
    assertThat(server.requests()).hasSize(1);
  }

  /** More calls at the same time than there are processors. */
  @Nested
  @Night
  @Isolated("occupies all processors")
  final class Floods {

    @ParameterizedTest
    @EnumSource
    void callsThatComputeUntilTheirTimeoutDoNotDelayTheTimeoutsOfOthers(TlsFlood flood)
        throws Exception {
      int count = 2 * Runtime.getRuntime().availableProcessors();
      HttpTransport trusting = transport(Network.ofSystem().withTls(LocalTls.client()));
      HttpCall call = get(server.trustedUrl("/"), Duration.ofSeconds(4));
      server.handleWith(flood);
      try (var silent = RawServer.start(ServerFault.NEVER_ANSWERS);
          var threads = Executors.newCachedThreadPool()) {
        List<Future<HttpResult>> floods =
            IntStream.range(0, count)
                .mapToObj(_ -> threads.submit(() -> trusting.execute(call)))
                .toList();
        await("all floods").atMost(3, SECONDS).until(() -> server.connections() == count);

        assertThat(execute(silent.url("/"), SHORT)).isEqualTo(new NoReply(Cause.TIMEOUT, null));

        assertThat(floods).noneMatch(Future::isDone);
        for (var ended : floods) {
          assertThat(ended.get(10, SECONDS)).isInstanceOf(NoReply.class);
        }
      }
      awaitTheEndOfAllConnections();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      awaitUninterruptibly(latch);
      Thread.currentThread().interrupt();
    }
  }

  private static void threeHundredFail(Callable<HttpResult> call) throws Exception {
    try (var threads = Executors.newFixedThreadPool(100, Thread.ofVirtual().factory())) {
      for (var ended : threads.invokeAll(Collections.nCopies(300, call))) {
        assertThat(ended.get()).isInstanceOf(NoReply.class);
      }
    }
  }

  private URI lateUrl() {
    return URI.create("http://late.test:" + server.url("").getPort() + "/");
  }

  /**
   * Resolves no name until it is released, and then every name to the loopback address. Like the
   * JDK's resolver, it ignores interruption.
   */
  private static final class DelayedDnsResolver implements DnsResolver {

    private final CountDownLatch released = new CountDownLatch(1);
    private final CompletableFuture<Thread> firstCaller = new CompletableFuture<>();

    @Override
    public InetAddress[] resolve(String host) {
      firstCaller.complete(Thread.currentThread());
      awaitUninterruptibly(released);
      return new InetAddress[] {InetAddress.getLoopbackAddress(), InetAddress.getLoopbackAddress()};
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
      throw new UnknownHostException(host);
    }
  }

  /**
   * Servers that send TLS records without pause, none of which has data for the client's program. A
   * client that reads them computes all the time: no read of its socket ever waits, so that neither
   * a timeout of the socket nor an interrupt ends it.
   */
  private enum TlsFlood implements ConnectionHandler {

    /**
     * Warnings that the handshake is canceled (RFC 8446, 6.1). They have no effect by themselves.
     */
    CANCELLATIONS {
      @Override
      public void handle(Connection connection) throws IOException {
        var alerts = new ByteArrayOutputStream();
        while (alerts.size() < 16_384) {
          alerts.writeBytes(USER_CANCELED);
        }
        while (true) {
          connection.write(alerts.toByteArray());
        }
      }
    },

    /** Key updates after the handshake, each of which the client answers. */
    KEY_UPDATES {
      @Override
      public void handle(Connection connection) throws IOException {
        LocalTls.secured(KEY_UPDATES::update).handle(connection);
      }
    };

    /** A plain text alert of the level "warning". */
    private static final byte[] USER_CANCELED = HexFormat.of().parseHex("1503030002015a");

    void update(Connection connection) throws IOException {
      Thread.ofPlatform().daemon().start(() -> read(connection));
      while (true) {
        connection.updateKeys();
      }
    }

    private static void read(Connection connection) {
      try {
        connection.awaitClose();
      } catch (IOException _) {
        // The client has closed the connection.
      }
    }
  }
}
