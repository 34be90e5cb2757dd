package dev.signrelay.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.KeyRefused;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.LocalTls;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import dev.signrelay.testing.http.RecordedRequest;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.testing.http.ServerFault;
import dev.signrelay.time.SystemTime;
import dev.signrelay.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The request's bytes, and the outcomes of replies. {@code HttpTransportIT} has all faults. */
@Timeout(60)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class HttpSignerIT {

  private static final int MAX_BYTES = 16 * 1024;
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Secret<ApiKey> KEY = new Secret.Fixed<>(new ApiKey("Key of ours"));
  private static final String START = "GET /crypto/sign?message=";
  private static final String END = " HTTP/1.1";

  /** Its clock stands still. */
  private static final TimeSource NOW = new FakeTime();

  private final HttpTransport http =
      new HttpTransport(HttpClients.create(Network.ofSystem(), _ -> true, "SignRelay/test"), NOW);
  private final RawServer upstream =
      RawServer.start(ConnectionHandlers.answers(200, "signature\n"));

  @AfterEach
  void closeUpstream() throws IOException {
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/api", "/v1/api/", "/v1/api//"})
  void theRequestIsOneGetBelowTheBaseUrlWithoutUnexpectedHeaders(String path) {
    assertThat(sign(upstream.url(path), "hello world")).isEqualTo(new Signed("signature"));

    RecordedRequest request = onlyRequest();
    assertThat(request.line()).isEqualTo("GET /v1/api/crypto/sign?message=hello%20world HTTP/1.1");
    assertThat(request.headerNames())
        .containsExactlyInAnyOrder("authorization", "connection", "host", "user-agent");
    assertThat(request.header("Authorization")).isEqualTo("Key of ours");
    assertThat(request.header("User-Agent")).isEqualTo("SignRelay/test");
    assertThat(request.header("Host")).isEqualTo(upstream.url("").getAuthority());
    assertThat(request.body()).isEmpty();
  }

  static Stream<String> messages() {
    return Stream.of(
        "plain",
        " spaces  in and around ",
        "a+b",
        "%2B",
        "100%",
        "&message=other#fragment?x=/../..//;=",
        "Grüße, 世界, \u202Eright to left",
        "\uD83D\uDD11 and \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
        "e\u0301 is not \u00E9",
        "\u0000\u0001\t\r\nX-Injected: yes\r\n\r\n\u007F\u0085\uFFFE\uFEFF",
        "*~-._!'()@:$,[]{}|\\^`\"<>",
        "x".repeat(4_096),
        "\u0001".repeat(4_096),
        "\uD83D\uDD11".repeat(1_024));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void theUpstreamDecodesExactlyTheMessage(String message) {
    sign(message);

    String line = onlyRequest().line();
    assertThat(line).startsWith(START).endsWith(END);
    String encoded = line.substring(START.length(), line.length() - END.length());
    assertThat(encoded.replaceAll("%[0-9A-F]{2}", "")).matches("[A-Za-z0-9*._-]*");
    assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(message);
  }

  /** {@code SigningReplyTest} tests the outcome of every status. */
  @ParameterizedTest
  @ValueSource(ints = {201, 301, 307, 400, 401, 404, 407, 408, 422, 500, 503})
  void anyOtherStatusIsItsOutcomeAfterOneRequest(int status) {
    Duration retryAfter = Duration.ofSeconds(90);
    String headers =
        """
        Location: %s\r
        Retry-After: Mon, 23 Nov 2026 12:01:30 GMT\r
        WWW-Authenticate: Basic realm="upstream"\r
        Proxy-Authenticate: Basic realm="upstream"\r
        """
            .formatted(upstream.url("/elsewhere"));
    upstream.handleWith(ConnectionHandlers.answers(status, headers, new byte[0]));

    assertThat(sign("m"))
        .isEqualTo(
            switch (status) {
              case 400, 422 -> new Rejected("http-" + status);
              case 401 -> new KeyRefused("http-" + status, retryAfter);
              default -> new Failed("http-" + status, retryAfter);
            });

    onlyRequest();
  }

  @Test
  void aSignatureHasAtMost16KibAndAnOversizedBodyDoesNotHideTheStatus() {
    upstream.handleWith(ConnectionHandlers.answers(200, "s".repeat(MAX_BYTES)));
    assertThat(sign("m")).isEqualTo(new Signed("s".repeat(MAX_BYTES)));
    upstream.handleWith(ConnectionHandlers.answers(200, "s".repeat(MAX_BYTES + 1)));
    assertThat(sign("m")).isEqualTo(new Failed("oversized-body", null));
    upstream.handleWith(ConnectionHandlers.answers(503, "s".repeat(20 * MAX_BYTES)));
    assertThat(sign("m")).isEqualTo(new Failed("http-503", null));
  }

  @Test
  void aCompressedBodyIsNotASignature() throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write("signature".getBytes(StandardCharsets.UTF_8));
    }
    upstream.handleWith(
        ConnectionHandlers.answers(
            200,
            "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n",
            compressed.toByteArray()));

    assertThat(sign("m")).isEqualTo(new Failed("not-text", null));
  }

  @Test
  void anUpstreamThatHangsFloodsOrRefusesTheConnectionIsAFailure() throws IOException {
    upstream.handleWith(ServerFault.NEVER_ANSWERS);
    assertThat(sign(upstream.url(""), "m", Duration.ofMillis(500)))
        .isEqualTo(new Failed("timeout", null));
    upstream.handleWith(ConnectionHandlers.floods("HTTP/1.1 200 OK\r\n\r\n", "s".repeat(1_024)));
    assertThat(sign("m")).isEqualTo(new Failed("oversized-body", null));
    try (var port = new RefusingPort()) {
      assertThat(sign(port.url(), "m")).isEqualTo(new Failed("connect", null));
    }
  }

  @Test
  void aCallIsNotMadeAfterTheEndOfItsGrant() {
    var signer = new HttpSigner(http, upstream.url(""), KEY, NOW);

    assertThat(signer.sign("m", AMPLE, grantUntil(NOW.instant()))).isEmpty();
    assertThat(upstream.requests()).isEmpty();
    assertThat(signer.sign("m", AMPLE, grantUntil(NOW.instant().plusNanos(1))))
        .containsInstanceOf(Signed.class);
  }

  /** If it connected when its grant begins, the grant would end during the handshake. */
  @Test
  void aCallConnectsAtOnceAndIsSentWhenItsGrantBegins() throws IOException {
    Duration handshake = Duration.ofMillis(1_500);
    var requested = new LinkedBlockingQueue<Instant>();
    ConnectionHandler answers =
        connection -> {
          connection.readRequest();
          requested.add(Instant.now());
          connection.write(ConnectionHandlers.response(200, "", new byte[] {'s'}));
        };
    upstream.handleWith(LocalTls.secured(answers));
    Network network = Network.ofSystem().withTls(LocalTls.client());
    var clock = new SystemTime();
    var trusting =
        new HttpTransport(HttpClients.create(network, _ -> true, "SignRelay/test"), clock);
    var signer = new HttpSigner(trusting, upstream.trustedUrl(""), KEY, clock);
    // The first call loads classes.
    assertThat(signer.sign("m", AMPLE, grantUntil(Instant.MAX))).isPresent();
    requested.clear();
    upstream.handleWith(ConnectionHandlers.after(handshake, LocalTls.secured(answers)));
    Instant from = Instant.now().plusSeconds(2);
    var grant = new Grant("grant", from, from.plus(handshake));

    assertThat(signer.sign("m", AMPLE, grant)).contains(new Signed("s"));

    assertThat(requested)
        .singleElement()
        .satisfies(at -> assertThat(at).isBetween(grant.from(), grant.until()));
  }

  @Test
  void aCallWhoseTimeEndsBeforeItsGrantBeginsSendsNothing() {
    var signer = new HttpSigner(http, upstream.url(""), KEY, new SystemTime());
    var grant = new Grant("grant", Instant.now().plusSeconds(20), Instant.now().plusSeconds(21));

    assertThat(signer.sign("m", Duration.ofMillis(500), grant))
        .contains(new Failed("timeout", null));

    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> upstream.openConnections() == 0);
    assertThat(upstream.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"401, 1", "403, 1", "200, 0", "503, 0"})
  void onlyAKeyThatTheUpstreamRefusesIsReadAgain(int status, int refusals) {
    upstream.handleWith(ConnectionHandlers.answers(status, "signature"));
    var key = new ObservedKey();
    var signer = new HttpSigner(http, upstream.url(""), key, NOW);

    signer.prepare(AMPLE);
    assertThat(signer.sign("m", AMPLE, grantUntil(Instant.MAX))).isPresent();

    assertThat(key.refused).hasSize(refusals).allMatch(refused -> refused == key.value);
    assertThat(key.limits).containsExactly(AMPLE, Duration.ZERO);
  }

  /** Notes its reads and refusals. */
  private static final class ObservedKey implements Secret<ApiKey> {

    private final ApiKey value = new ApiKey("key");
    private final List<Duration> limits = new ArrayList<>();
    private final List<ApiKey> refused = new ArrayList<>();

    @Override
    public ApiKey get(Duration limit) {
      limits.add(limit);
      return value;
    }

    @Override
    public void refused(ApiKey key) {
      refused.add(key);
    }
  }

  private RecordedRequest onlyRequest() {
    assertThat(upstream.requests()).hasSize(1);
    return upstream.requests().getFirst();
  }

  private SigningOutcome sign(String message) {
    return sign(upstream.url(""), message);
  }

  private SigningOutcome sign(URI baseUrl, String message) {
    return sign(baseUrl, message, AMPLE);
  }

  private SigningOutcome sign(URI baseUrl, String message, Duration timeout) {
    return new HttpSigner(http, baseUrl, KEY, NOW)
        .sign(message, timeout, grantUntil(Instant.MAX))
        .orElseThrow();
  }

  private static Grant grantUntil(Instant end) {
    return new Grant("grant", Instant.EPOCH, end);
  }
}
