package dev.signrelay.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.DelayedDnsResolver;
import dev.signrelay.testing.http.LocalTls;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import dev.signrelay.testing.http.ServerFault;
import dev.signrelay.testing.http.TlsFlood;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class HttpDeadlineIT {

  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final ConnectionHandler ANSWERS = ConnectionHandlers.answers(200, "fine");

  private final HttpTransport http = transport(SystemDefaultDnsResolver.INSTANCE);
  private final RawServer server = RawServer.start(ANSWERS);

  @AfterEach
  void closeBoth() throws IOException {
    http.close();
    server.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = ServerFault.class,
      names = {"NEVER_ANSWERS", "TRICKLES_BODY", "CLOSES_SILENTLY"})
  void threeHundredFailedCallsLeakNoConnection(ServerFault misbehaviour) {
    server.handleWith(misbehaviour);
    threeHundredTimes(() -> http.execute(get(server.url("/"), SHORT)));
    server.handleWith(ANSWERS);
    assertThat(text(http.execute(get(server.url("/"), AMPLE)))).isEqualTo("fine");
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> server.openConnections() == 0);
  }

  @Test
  void threeHundredLateNameResolutionsLeakNoConnection() throws Exception {
    var late = new DelayedDnsResolver();
    try (HttpTransport named = transport(late)) {
      threeHundredTimes(() -> named.execute(get(nameOf(server), SHORT)));
      late.release();
      assertThat(text(named.execute(get(nameOf(server), AMPLE)))).isEqualTo("fine");
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aNameThatResolvesAfterTheTimeoutIsNotConnectedTo() throws Exception {
    var late = new DelayedDnsResolver();
    try (HttpTransport named = transport(late)) {
      var result = new CompletableFuture<HttpResult>();
      Thread caller =
          Thread.startVirtualThread(
              () -> result.complete(named.execute(get(nameOf(server), AMPLE))));
      Thread resolving = late.firstCaller().get(5, SECONDS);
      caller.interrupt();
      assertThat(result.get(5, SECONDS)).isEqualTo(new NoReply(Cause.TIMEOUT));
      late.release();
      assertThat(resolving.join(Duration.ofSeconds(5))).isTrue();
    }
    // Connections are accepted in order: this one is the first.
    assertThat(text(http.execute(get(server.url("/"), AMPLE)))).isEqualTo("fine");
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -1_500})
  void aCallWithoutTimeLeftIsATimeoutAndIsNotMade(long millis) {
    assertThat(http.execute(get(server.url("/"), Duration.ofMillis(millis))))
        .isEqualTo(new NoReply(Cause.TIMEOUT));
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
              result.complete(http.execute(get(server.url("/"), AMPLE)));
              stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
    await("a request").atMost(30, SECONDS).until(() -> server.requests().size() == 1);
    caller.interrupt();
    assertThat(result.get(5, SECONDS)).isEqualTo(new NoReply(Cause.TIMEOUT));
    assertThat(stillInterrupted.get(5, SECONDS)).isTrue();
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> server.openConnections() == 0);
    assertThat(server.requests()).hasSize(1);
  }

  @Nested
  @Night
  @Isolated("occupies all processors")
  final class Floods {

    @Test
    void endlessInterimResponsesEndEachOfManyCalls() throws Exception {
      server.handleWith(ServerFault.FLOODS_CONTINUES);
      try (var threads = Executors.newCachedThreadPool()) {
        for (var flood : calls(threads, server.url("/"), AMPLE)) {
          assertThat(flood.get(10, SECONDS)).isEqualTo(new NoReply(Cause.MALFORMED));
        }
      }
    }

    @ParameterizedTest
    @EnumSource
    void callsThatComputeUntilTheirTimeoutDoNotDelayTheTimeoutsOfOthers(TlsFlood flood)
        throws Exception {
      server.handleWith(flood);
      try (var silent = RawServer.start(ServerFault.NEVER_ANSWERS);
          var threads = Executors.newCachedThreadPool()) {
        var floods = calls(threads, server.trustedUrl("/"), Duration.ofSeconds(4));
        await("all floods").atMost(3, SECONDS).until(() -> server.connections() == floods.size());

        assertThat(http.execute(get(silent.url("/"), SHORT))).isEqualTo(new NoReply(Cause.TIMEOUT));

        assertThat(floods).noneMatch(Future::isDone);
        for (var ended : floods) {
          assertThat(ended.get(10, SECONDS)).isInstanceOf(NoReply.class);
        }
      }
      await("the end of all connections")
          .atMost(30, SECONDS)
          .until(() -> server.openConnections() == 0);
    }

    /** More calls at the same time than there are processors. */
    private List<Future<HttpResult>> calls(ExecutorService threads, URI url, Duration timeout) {
      int count = 2 * Runtime.getRuntime().availableProcessors();
      return IntStream.range(0, count)
          .mapToObj(_ -> threads.submit(() -> http.execute(get(url, timeout))))
          .toList();
    }
  }

  private static void threeHundredTimes(Runnable call) {
    try (var threads = Executors.newFixedThreadPool(100, Thread.ofVirtual().factory())) {
      IntStream.range(0, 300).forEach(_ -> threads.submit(call));
    }
  }

  private static HttpTransport transport(DnsResolver resolver) {
    return new HttpTransport(
        HttpClients.create(
            Network.ofSystem().withNames(resolver).withTls(LocalTls.client()), "SignRelay/test"),
        new SystemTime());
  }

  private static HttpCall get(URI url, Duration timeout) {
    return new HttpCall(url, Map.of(), null, timeout, 1_024);
  }

  private static URI nameOf(RawServer server) {
    return URI.create("http://late.test:" + server.url("").getPort() + "/");
  }

  private static String text(HttpResult result) {
    assertThat(result).isInstanceOf(Reply.class);
    return new String(((Reply) result).body(), StandardCharsets.UTF_8);
  }
}
