package dev.signrelay.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The request's bytes, which a server library would normalize. */
final class UpstreamRequestIT {

  private static final String START = "GET /crypto/sign?message=";
  private static final String END = " HTTP/1.1";

  private final HttpTransport http =
      new HttpTransport(HttpClients.create(Network.ofSystem(), "SignRelay/test"), new SystemTime());
  private final RawServer upstream = RawServer.start(ConnectionHandlers.answers(200, "signature"));

  @AfterEach
  void closeBoth() throws IOException {
    http.close();
    upstream.close();
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
    assertThat(upstream.requests()).hasSize(1);
    String line = upstream.requests().getFirst().line();
    assertThat(line).startsWith(START).endsWith(END);
    String encoded = line.substring(START.length(), line.length() - END.length());
    assertThat(encoded.replaceAll("%[0-9A-F]{2}", "")).matches("[A-Za-z0-9*._-]*");
    assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(message);
  }

  @Test
  void noUnexpectedHeaderIsSent() {
    sign("message");
    var request = upstream.requests().getFirst();
    assertThat(request.headerNames())
        .containsExactlyInAnyOrder("authorization", "connection", "host", "user-agent");
    assertThat(request.header("Authorization")).isEqualTo("Key of ours");
    assertThat(request.header("Host")).isEqualTo(upstream.url("").getAuthority());
    assertThat(request.body()).isEmpty();
  }

  @Test
  void cookiesAreIgnored() {
    byte[] body = "signature".getBytes(StandardCharsets.UTF_8);
    upstream.handleWith(ConnectionHandlers.answers(200, "Set-Cookie: a=b\r\n", body));
    sign("first");
    sign("second");
    assertThat(upstream.requests()).hasSize(2);
    assertThat(upstream.requests().getLast().headerNames()).doesNotContain("cookie");
  }

  private void sign(String message) {
    var signer =
        new HttpSigner(
            http, upstream.url(""), Secret.fixed(new ApiKey("Key of ours")), new SystemTime());
    var grant = new Grant("grant", Instant.EPOCH, Instant.MAX);
    assertThat(signer.sign(message, Duration.ofSeconds(30), grant))
        .contains(new Signed("signature"));
  }
}
