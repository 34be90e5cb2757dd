package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.destination.PublicAddresses;
import dev.signrelay.http.CheckedDnsResolver;
import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.testing.FixedCallbackKeys;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.FakeDnsResolver;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks open no connections to forbidden addresses. A local run and the upstream may. */
@Timeout(60)
final class ForbiddenAddressIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final DeliveryOutcome FORBIDDEN = new Undelivered("forbidden-address", null);

  private final RawServer server = RawServer.start(ConnectionHandlers.answers(204, ""));

  @AfterEach
  void close() throws IOException {
    server.close();
  }

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
    assertThat(deliver(SystemDefaultDnsResolver.INSTANCE, PublicAddresses::contains, host))
        .isEqualTo(FORBIDDEN);
    assertThat(server.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x7f.1", "0x7f000001", "0177.0.0.1", "localhost.", "a.localhost"})
  void aNameThatOnlySomeResolversMapToThisMachineIsNotConnectedTo(String host) {
    assertThat(
            deliver(
                SystemDefaultDnsResolver.INSTANCE,
                address -> PublicAddresses.contains(address) && address.isLoopbackAddress(),
                host))
        .isIn(FORBIDDEN, new Undelivered("unknown-host", null));
    assertThat(server.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "8.8.8.8 127.0.0.1", "127.0.0.1 8.8.8.8", "8.8.8.8 ::1"})
  void aNameWithOneAddressOfThisMachineIsNotConnectedTo(String addresses) {
    assertThat(deliver(new FakeDnsResolver(addresses), PublicAddresses::contains, "rebind.example"))
        .isEqualTo(FORBIDDEN);
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

    assertThat(deliver(names, allowed::equals, "rebind.example"))
        .isEqualTo(new Undelivered("connect", null));
    assertThat(names.queries).containsExactly("rebind.example");
    assertThat(server.connections()).isZero();

    assertThat(deliver(names, allowed::equals, "rebind.example")).isEqualTo(FORBIDDEN);
    assertThat(server.connections()).isZero();
  }

  @Test
  void aNameThatChangesAfterTheCheckIsNotResolvedAgain() {
    var names = new FakeDnsResolver("127.0.0.1", "8.8.8.8");

    assertThat(deliver(names, InetAddress::isLoopbackAddress, "rebind.example"))
        .isEqualTo(new Delivered("http-204"));
    assertThat(names.queries).containsExactly("rebind.example");
    assertThat(server.connections()).isEqualTo(1);
  }

  /** As the production services are connected. */
  @ParameterizedTest
  @CsvSource({
    "https://receiver.example, false, forbidden-address, 1",
    "http://receiver.example, false, forbidden-url, 0",
    "http://receiver.example, true, http-204, 1",
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
    assertThat(server.connections()).isEqualTo(outcome.equals("http-204") ? 1 : 0);
  }

  @Test
  void theUpstreamMayHaveAPrivateAddress() {
    String url = "http://signer.internal:" + server.url("").getPort();
    server.handleWith(ConnectionHandlers.answers(200, "sig"));

    assertThat(
            services(new FakeDnsResolver("127.0.0.1"), Map.of("CRYPTO_CLIENT_BASE_URL", url))
                .signer()
                .sign("hello", AMPLE, new Grant("grant", Instant.EPOCH, Instant.MAX)))
        .contains(new Signed("sig"));
  }

  private static Services services(DnsResolver names, Map<String, String> settings) {
    return ServiceFactory.create(
        TestEnvironment.config(settings),
        AwsClients.of(ForbiddenAddressIT::nothing, ForbiddenAddressIT::nothing),
        new SystemTime(),
        _ -> {},
        Network.ofSystem().withNames(names));
  }

  private static <T> T nothing() {
    throw new IllegalStateException("there is no AWS here");
  }

  private DeliveryOutcome deliver(DnsResolver names, Predicate<InetAddress> allowed, String host) {
    URI url = URI.create("http://" + host + ":" + server.url("").getPort() + "/");
    var resolver = new CheckedDnsResolver(names, allowed);
    try (var http =
        new HttpTransport(
            HttpClients.create(Network.ofSystem().withNames(resolver), "SignRelay/test"),
            new SystemTime())) {
      return new HttpCallbackSender(
              http, new SystemTime(), FixedCallbackKeys.of(CallbackSigningKeys.NONE))
          .deliver(url, "job-1", "signature", Duration.ofSeconds(10));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
