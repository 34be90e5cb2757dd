package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IsolationPolicyTest {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /**
   * A request to the loopback address with these headers may act, may only read, or is refused with
   * a sentence that begins like this.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Programs may use each name of this machine.
          act     | Host: localhost:3000
          act     | Host: LOCALHOST
          act     | Host: 127.0.0.1:3000
          act     | Host: [::1]:3000
          act     | Host: localhost:8080
          act     | Host: host.docker.internal:9324
          act     | Host: localhost + User-Agent: curl/8.14.1
          act     | Host: localhost + User-Agent: aws-sdk-java/2.30.0
          act     | Host: localhost + User-Agent: node
          act     | Host: localhost + User-Agent: Mozilla/5.0 (Windows NT; en-US) WindowsPowerShell/5.1
          act     | Host: localhost + User-Agent: Mozilla/5.0 (Windows NT 10.0; en-US) PowerShell/7.5.0
          # Others are refused.
          Host    | Host: elsewhere.example:3000
          Host    | Host: 127.0.0.1.elsewhere.example
          Host    | Host: localhost.elsewhere.example
          Host    | Host: localhost:3000@elsewhere.example
          Host    | Host: localhost.
          Host    | Host: console.localhost:3000
          Host    | Host: devbox:3000
          Host    | Host: 192.168.1.20:3000
          Host    | Host: 0.0.0.0:3000
          Host    | Host: [::1].elsewhere.example
          Host    | Host: [::1
          Host    | Host: :3000
          Host    | Host:
          Host    | Accept: */*
          # A page whose name has come to resolve to this machine.
          Host    | Host: a.example + Origin: http://a.example + Sec-Fetch-Site: same-origin
          # The pages of this server may act.
          act     | Host: localhost:3000 + Origin: http://localhost:3000 + Sec-Fetch-Site: same-origin
          act     | Host: localhost:3000 + Sec-Fetch-Site: same-origin
          # Those of other origins are refused.
          A page  | Host: localhost:3000 + Origin: https://a.example + Sec-Fetch-Site: cross-site
          A page  | Host: localhost:3000 + Origin: http://localhost:3001 + Sec-Fetch-Site: same-site
          A page  | Host: localhost:3000 + Origin: http://127.0.0.1:3000 + Sec-Fetch-Site: cross-site
          A page  | Host: localhost:3000 + Origin: https://localhost:3000
          A page  | Host: localhost:3000 + Origin: null
          A page  | Host: localhost:3000 + Origin: http://localhost:3001
          A page  | Host: localhost:3000 + Origin:
          A page  | Host: localhost:3000 + Sec-Fetch-Site: cross-site
          A page  | Host: localhost:3000 + Sec-Fetch-Site: same-site
          A page  | Host: localhost:3000 + Sec-Fetch-Site: unknown
          # A typed URL, a link in a chat, or a redirect after one of these.
          read    | Host: localhost:3000 + Sec-Fetch-Site: none
          # The network's DNS may resolve the name for containers.
          host.do | Host: host.docker.internal + Origin: http://host.docker.internal
          host.do | Host: host.docker.internal + User-Agent: Mozilla/5.0
          # A browser that names no page, or names one in Referer or Origin.
          read    | Host: [::1]:3000 + User-Agent: Mozilla/5.0 (X11) Chrome/140.0.0.0
          act     | Host: [::1]:3000 + User-Agent: Mozilla/5.0 + Referer: http://[::1]:3000/api/docs
          act     | Host: [::1]:3000 + User-Agent: Mozilla/5.0 + Origin: http://[::1]:3000
          read    | Host: [::1]:3000 + User-Agent: Mozilla/5.0 + Referer: http://[::1]:3001/
          read    | Host: [::1]:3000 + User-Agent: Mozilla/5.0 + Referer: http://[::1]:3000.a.example/
          """)
  void aRequestActsOrReadsOrIsRefused(String verdict, String lines) {
    Map<String, String> headers =
        Arrays.stream(lines.split(" \\+ "))
            .map(line -> line.split(": ?", 2))
            .collect(Collectors.toMap(header -> header[0], header -> header[1]));

    Optional<String> acting = IsolationPolicy.refusal(headers::get, LOOPBACK, true);
    Optional<String> reading = IsolationPolicy.refusal(headers::get, LOOPBACK, false);

    switch (verdict) {
      case "act" -> assertThat(acting.or(() -> reading)).isEmpty();
      case "read" -> {
        assertThat(acting.orElse("")).contains(": use ");
        assertThat(reading).isEmpty();
      }
      case String sentence -> {
        assertThat(acting.orElse("")).startsWith(sentence);
        assertThat(reading.orElse("")).startsWith(sentence);
      }
    }
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
}
