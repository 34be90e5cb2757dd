package dev.signrelay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.FakeDnsResolver;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host with two addresses, the first of which accepts no connection. */
@Timeout(60)
final class DeadAddressIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(6);

  private final RawServer dead = RawServer.neverAccepting();
  private RawServer alive;

  DeadAddressIT() throws IOException {}

  /** On Linux every address of 127.0.0.0/8 is this machine's. */
  @BeforeEach
  void startTheSecondAddress() throws IOException {
    var second = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), dead.url("").getPort());
    try {
      alive =
          RawServer.startAt(
              second,
              ConnectionHandlers.answers(
                  200, "Content-Type: text/plain\r\n", new byte[] {'s', 'i', 'g'}));
    } catch (UncheckedIOException _) {
      abort("127.0.0.2 is not an address of this machine");
    }
  }

  @AfterEach
  void close() throws IOException {
    dead.close();
    if (alive != null) {
      alive.close();
    }
  }

  @Test
  void theUpstreamIsCalledAtItsSecondAddress() {
    var grant = new Grant("grant", Instant.EPOCH, Instant.MAX);

    assertThat(services().signer().sign("hello", TIMEOUT, grant)).contains(new Signed("sig"));

    assertThat(alive.requests()).hasSize(1);
  }

  @Test
  void aCallbackIsDeliveredToTheSecondAddressOfItsReceiver() {
    assertThat(
            services()
                .callbacks()
                .deliver(URI.create(url() + "/inbox"), "job-1", "signature", TIMEOUT))
        .isEqualTo(new Delivered("http-200"));

    assertThat(alive.requests()).hasSize(1);
  }

  private String url() {
    return "http://two-addresses.example:" + dead.url("").getPort();
  }

  private Services services() {
    return ServiceFactory.create(
        TestEnvironment.config(
            Map.of("CRYPTO_CLIENT_BASE_URL", url(), "CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true")),
        AwsClients.of(DeadAddressIT::nothing, DeadAddressIT::nothing),
        new SystemTime(),
        _ -> {},
        Network.ofSystem().withNames(new FakeDnsResolver("127.0.0.1 127.0.0.2")));
  }

  private static <T> T nothing() {
    throw new IllegalStateException("there is no AWS here");
  }
}
