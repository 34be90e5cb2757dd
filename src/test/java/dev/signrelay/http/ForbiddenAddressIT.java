package dev.signrelay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.destination.PublicAddresses;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.FakeDnsResolver;
import dev.signrelay.time.SystemTime;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks open no connections to forbidden addresses. A local run and the upstream may. */
@Timeout(60)
final class ForbiddenAddressIT extends TransportFixture {

  private static final NoReply FORBIDDEN = new NoReply(Cause.FORBIDDEN_ADDRESS, null);

  /** The client passes literal addresses to the resolver, too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "localhost",
        "LOCALHOST",
      })
  void anAddressOfThisMachineIsNotConnectedTo(String host) {
    assertThat(call(SystemDefaultDnsResolver.INSTANCE, PublicAddresses::contains, host))
        .isEqualTo(FORBIDDEN);
    assertThat(server.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x7f.1", "0x7f000001", "0177.0.0.1", "localhost.", "a.localhost"})
  void aNameThatOnlySomeResolversMapToThisMachineIsNotConnectedTo(String host) {
    assertThat(call(SystemDefaultDnsResolver.INSTANCE, _ -> false, host))
        .isIn(FORBIDDEN, new NoReply(Cause.UNKNOWN_HOST, null));
    assertThat(server.connections()).isZero();
  }

  /**
   * No server listens on the allowed address. A second lookup would return the address of the
   * server.
   */
  @Test
  void theCheckedAddressIsTheOneThatIsConnectedTo() {
    var names = new FakeDnsResolver("127.0.0.2", "127.0.0.1");
    InetAddress allowed = InetAddress.ofLiteral("127.0.0.2");

    assertThat(call(names, allowed::equals, "rebind.example"))
        .isEqualTo(new NoReply(Cause.CONNECT, null));
    assertThat(names.queries).containsExactly("rebind.example");

    assertThat(call(names, allowed::equals, "rebind.example")).isEqualTo(FORBIDDEN);
    assertThat(server.connections()).isZero();
  }

  /** As the production services are connected. */
  @ParameterizedTest
  @CsvSource({
    "https://receiver.example, false, forbidden-address, 1",
    "http://receiver.example, false, forbidden-url, 0",
    "http://receiver.example, true, http-200, 1",
  })
  void onlyALocalRunMayReachThisMachine(
      String receiver, String allowed, String outcome, int queries) {
    String port = Integer.toString(server.url("").getPort());
    var names = new FakeDnsResolver("127.0.0.1");
    Services services =
        services(
            names,
            Map.of("CALLBACK_ALLOWED_PORTS", port, "CALLBACK_ALLOW_PRIVATE_ADDRESSES", allowed));

    assertThat(
            services
                .callbacks()
                .deliver(URI.create(receiver + ":" + port), "job-1", "signature", AMPLE)
                .code())
        .isEqualTo(outcome);

    assertThat(names.queries).hasSize(queries);
    assertThat(server.connections()).isEqualTo(outcome.equals("http-200") ? 1 : 0);
  }

  @Test
  void theUpstreamMayHaveAPrivateAddress() {
    String url = "http://signer.internal:" + server.url("").getPort();
    assertThat(
            services(new FakeDnsResolver("127.0.0.1"), Map.of("CRYPTO_CLIENT_BASE_URL", url))
                .signer()
                .sign("hello", AMPLE, new Grant("grant", Instant.EPOCH, Instant.MAX)))
        .contains(new Signed("fine"));
  }

  private static Services services(DnsResolver names, Map<String, String> settings) {
    return ServiceFactory.create(
        TestEnvironment.config(settings),
        AwsClients.of(ForbiddenAddressIT::nothing, ForbiddenAddressIT::nothing),
        new SystemTime(),
        _ -> {},
        resolving(names));
  }

  private static <T> T nothing() {
    throw new IllegalStateException("there is no AWS here");
  }

  private HttpResult call(DnsResolver names, Predicate<InetAddress> allowed, String host) {
    URI url = URI.create("http://" + host + ":" + server.url("").getPort() + "/");
    return transport(resolving(names), allowed).execute(get(url, AMPLE));
  }
}
