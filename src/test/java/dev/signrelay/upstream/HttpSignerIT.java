package dev.signrelay.upstream;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
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
import dev.signrelay.time.SystemTime;
import dev.signrelay.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSignerIT {

  private static final int MAX_BYTES = 16 * 1024;
  private static final Duration AMPLE = Duration.ofSeconds(30);

  /** Its clock stands still. */
  private static final TimeSource NOW = new FakeTime();

  @RegisterExtension
  static final WireMockExtension UPSTREAM =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().dynamicHttpsPort())
          .build();

  private final HttpTransport http =
      new HttpTransport(HttpClients.create(Network.ofSystem(), "SignRelay/test"), new SystemTime());

  @AfterEach
  void closeHttp() throws IOException {
    http.close();
  }

  @Test
  void theRequestIsOneGetWithTheMessageTheKeyAndTheUserAgent() {
    stubUpstream(aResponse().withBody("signature\n"));
    assertThat(sign("hello world")).isEqualTo(new Signed("signature"));
    UPSTREAM.verify(1, anyRequestedFor(anyUrl()));
    UPSTREAM.verify(
        getRequestedFor(urlEqualTo("/crypto/sign?message=hello%20world"))
            .withHeader("Authorization", equalTo("Key of ours"))
            .withHeader("User-Agent", equalTo("SignRelay/test")));
  }

  @Test
  void aCallIsNotMadeAfterTheEndOfItsGrant() {
    stubUpstream(aResponse().withBody("signature"));
    var signer = new HttpSigner(http, upstreamUrl(""), Secret.fixed(new ApiKey("key")), NOW);

    assertThat(signer.sign("m", AMPLE, grantUntil(NOW.instant()))).isEmpty();
    UPSTREAM.verify(0, anyRequestedFor(anyUrl()));

    assertThat(signer.sign("m", AMPLE, grantUntil(NOW.instant().plusNanos(1))))
        .containsInstanceOf(Signed.class);
    UPSTREAM.verify(1, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/api", "/v1/api/", "/v1/api//"})
  void thePathOfTheBaseUrlIsKept(String path) {
    stubUpstream(aResponse().withBody("signature"));
    assertThat(sign(upstreamUrl(path), "m")).isEqualTo(new Signed("signature"));
    UPSTREAM.verify(getRequestedFor(urlEqualTo("/v1/api/crypto/sign?message=m")));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 414, 422})
  void aStatusOnTheMessageRejectsItAfterOneRequest(int status) {
    stubUpstream(aResponse().withStatus(status).withBody("no"));
    assertThat(sign("m")).isEqualTo(new Rejected("http-" + status));
    UPSTREAM.verify(1, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 202, 204, 206, 304, 404, 405, 407, 408, 410, 418, 500, 502, 504})
  void anyOtherStatusIsAFailureAfterOneRequest(int status) {
    stubUpstream(
        aResponse()
            .withStatus(status)
            .withHeader("WWW-Authenticate", "Basic realm=\"upstream\"")
            .withHeader("Proxy-Authenticate", "Basic realm=\"upstream\""));
    assertThat(sign("m")).isEqualTo(new Failed("http-" + status, null));
    UPSTREAM.verify(1, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedKeyHasASeparateOutcomeAfterOneRequest(int status) {
    stubUpstream(
        aResponse().withStatus(status).withHeader("WWW-Authenticate", "Basic realm=\"upstream\""));
    assertThat(sign("m")).isEqualTo(new KeyRefused("http-" + status, null));
    UPSTREAM.verify(1, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 307, 308})
  void aRedirectIsNotFollowed(int status) {
    stubUpstream(
        aResponse()
            .withStatus(status)
            .withHeader("Location", upstreamUrl("/elsewhere").toString()));
    assertThat(sign("m")).isEqualTo(new Failed("http-" + status, null));
    UPSTREAM.verify(1, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"90", "Mon, 23 Nov 2026 12:01:30 GMT"})
  void theRetryAfterOfAReplyIsInTheOutcome(String value) {
    for (int status : new int[] {429, 503}) {
      stubUpstream(aResponse().withStatus(status).withHeader("Retry-After", value));
      assertThat(sign("m")).isEqualTo(new Failed("http-" + status, Duration.ofSeconds(90)));
    }
    UPSTREAM.verify(2, anyRequestedFor(anyUrl()));
  }

  @Test
  void aSignatureHasAtMost16Kib() {
    stubUpstream(aResponse().withBody("s".repeat(MAX_BYTES)));
    assertThat(sign("m")).isEqualTo(new Signed("s".repeat(MAX_BYTES)));
    stubUpstream(aResponse().withBody("s".repeat(MAX_BYTES + 1)));
    assertThat(sign("m")).isEqualTo(new Failed("oversized-body", null));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 503, 422})
  void anOversizedBodyDoesNotHideTheStatus(int status) {
    stubUpstream(aResponse().withStatus(status).withBody("s".repeat(20 * MAX_BYTES)));
    assertThat(sign("m").code()).isEqualTo(status == 200 ? "oversized-body" : "http-" + status);
  }

  @Test
  void aCompressedBodyIsNotASignature() throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write("signature".getBytes(StandardCharsets.UTF_8));
    }
    stubUpstream(
        aResponse()
            .withHeader("Content-Type", "text/plain")
            .withHeader("Content-Encoding", "gzip")
            .withBody(compressed.toByteArray()));
    assertThat(sign("m")).isEqualTo(new Failed("not-text", null));
  }

  @Test
  void anUntrustedCertificateIsATlsFailureBeforeTheKeyIsSent() {
    stubUpstream(aResponse().withBody("signature"));
    URI url = URI.create("https://localhost:" + UPSTREAM.getHttpsPort());
    assertThat(sign(url, "m")).isEqualTo(new Failed("tls", null));
    UPSTREAM.verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @CsvSource({"401, 1", "403, 1", "200, 0", "503, 0"})
  void onlyAKeyThatTheUpstreamRefusesIsReadAgain(int status, int refusals) {
    stubUpstream(aResponse().withStatus(status).withBody("signature"));
    var key = new ObservedKey();
    var signer = new HttpSigner(http, upstreamUrl(""), key, NOW);

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

  private static void stubUpstream(ResponseDefinitionBuilder answer) {
    UPSTREAM.stubFor(any(anyUrl()).willReturn(answer));
  }

  private static URI upstreamUrl(String path) {
    return URI.create("http://localhost:" + UPSTREAM.getPort() + path);
  }

  private SigningOutcome sign(String message) {
    return sign(upstreamUrl(""), message);
  }

  private SigningOutcome sign(URI baseUrl, String message) {
    return new HttpSigner(http, baseUrl, Secret.fixed(new ApiKey("Key of ours")), NOW)
        .sign(message, AMPLE, grantUntil(Instant.MAX))
        .orElseThrow();
  }

  private static Grant grantUntil(Instant end) {
    return new Grant("grant", Instant.EPOCH, end);
  }
}
