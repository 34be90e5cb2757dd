package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IsolationPolicyTest {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress BOUND = InetAddress.ofLiteral("192.168.1.20");
  private static final Map<String, String> CHROMIUM =
      Map.of("Host", "192.168.1.20:3000", "User-Agent", "Mozilla/5.0 (X11) Chrome/140.0.0.0");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:3000",
        "LOCALHOST",
        "127.0.0.1:3000",
        "[::1]:3000",
        "localhost:8080",
        "host.docker.internal:9324"
      })
  void programsMayUseEachNameOfThisMachine(String host) {
    assertThat(refusal(Map.of("Host", host))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "elsewhere.example:3000",
        "127.0.0.1.elsewhere.example",
        "localhost.elsewhere.example",
        "localhost:3000@elsewhere.example",
        "localhost.",
        "console.localhost:3000",
        "devbox:3000",
        "192.168.1.20:3000",
        "0.0.0.0:3000",
        "[::1].elsewhere.example",
        "[::1",
        ":3000",
        ""
      })
  void anotherHostIsRefused(String host) {
    assertThat(refusal(Map.of("Host", host)))
        .hasValueSatisfying(r -> assertThat(r).startsWith("Host"));
  }

  @Test
  void aMissingHostIsRefused() {
    assertThat(refusal(Map.of())).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.20, 192.168.1.20:3000",
    "2001:db8:0:0:0:0:0:20, [2001:db8::20]:3000",
    "172.17.0.1, 172.17.0.1"
  })
  void theAddressThatTheClientIsConnectedToIsAllowed(String address, String host) {
    InetAddress at = InetAddress.ofLiteral(address);

    assertThat(IsolationPolicy.refusal(Map.of("Host", host)::get, at, true)).isEmpty();
    assertThat(IsolationPolicy.refusal(Map.of("Host", host)::get, LOOPBACK, true)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"http://localhost:3000, same-origin", ", same-origin"})
  void thePagesOfThisServerMaySendRequests(String origin, String site) {
    assertThat(refusal(fromPage(origin, site))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://elsewhere.example, cross-site",
    "http://localhost:3001, same-site",
    "http://127.0.0.1:3000, cross-site",
    "https://localhost:3000, ",
    "null, ",
    "http://localhost:3001, ",
    "'', ",
    ", cross-site",
    ", same-site",
    ", unknown",
    ", none", // a link in a chat, or a redirect after a typed URL
  })
  void pagesOfOtherOriginsAreRefused(String origin, String site) {
    assertThat(refusal(fromPage(origin, site)))
        .hasValueSatisfying(r -> assertThat(r).startsWith("A page of another origin"));
  }

  @Test
  void aTypedUrlMayRead() {
    assertThat(IsolationPolicy.refusal(fromPage(null, "none")::get, LOOPBACK, false)).isEmpty();
  }

  /** The network's DNS may resolve the name to this machine. */
  @ParameterizedTest
  @CsvSource({"Origin, http://host.docker.internal", "User-Agent, Mozilla/5.0"})
  void theNameForContainersIsNotForBrowsers(String header, String value) {
    var headers = Map.of("Host", "host.docker.internal", header, value);

    assertThat(IsolationPolicy.refusal(headers::get, LOOPBACK, false)).isPresent();
  }

  @Test
  void anOriginOfAReboundNameIsRefused() {
    assertThat(
            refusal(
                Map.of(
                    "Host", "evil.example:3000",
                    "Origin", "http://evil.example:3000",
                    "Sec-Fetch-Site", "same-origin")))
        .isPresent();
  }

  @Test
  void aBrowserThatDoesNotNameThePageMayOnlyRead() {
    assertThat(IsolationPolicy.refusal(CHROMIUM::get, BOUND, false)).isEmpty();
    assertThat(IsolationPolicy.refusal(CHROMIUM::get, BOUND, true))
        .hasValueSatisfying(r -> assertThat(r).contains("use localhost"));
  }

  @ParameterizedTest
  @CsvSource({
    "Referer, http://192.168.1.20:3000/api/docs, true",
    "Origin, http://192.168.1.20:3000, true",
    "Referer, http://192.168.1.20:3001/, false",
    "Referer, http://192.168.1.20:3000.elsewhere.example/, false"
  })
  void aBrowserThatNamesAPageOfThisServerMayAct(String name, String value, boolean allowed) {
    var headers = new HashMap<>(CHROMIUM);
    headers.put(name, value);

    assertThat(IsolationPolicy.refusal(headers::get, BOUND, true).isEmpty()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl/8.14.1",
        "aws-sdk-java/2.30.0",
        "node",
        "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.26100",
        "Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0; en-US) PowerShell/7.5.0"
      })
  void otherProgramsMayAct(String userAgent) {
    assertThat(refusal(Map.of("Host", "localhost:3000", "User-Agent", userAgent))).isEmpty();
  }

  private static Map<String, String> fromPage(@Nullable String origin, String site) {
    var headers = new HashMap<>(CHROMIUM);
    headers.put("Host", "localhost:3000");
    headers.put("Origin", origin);
    headers.put("Sec-Fetch-Site", site);
    return headers;
  }

  private static Optional<String> refusal(Map<String, String> headers) {
    return IsolationPolicy.refusal(headers::get, LOOPBACK, true);
  }
}
