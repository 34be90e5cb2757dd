package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Config;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.Network;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.QueueBatch;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.FakeDnsResolver;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The production services in front of a server on this machine. */
final class CallbackAddressesIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final RawServer server =
      RawServer.start(
          ConnectionHandlers.answers(
              200, "Content-Type: text/plain\r\n", new byte[] {'s', 'i', 'g'}));
  private final String port = Integer.toString(server.url("").getPort());
  private final FakeDnsResolver names = new FakeDnsResolver("127.0.0.1");
  private final Map<String, String> environment = new HashMap<>(TestEnvironment.REQUIRED);

  CallbackAddressesIT() {
    environment.put("CALLBACK_ALLOWED_PORTS", port);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void aNameThatResolvesToThisMachineIsNotConnectedTo() {
    assertThat(deliver("https://receiver.example:" + port + "/"))
        .isEqualTo(new Undelivered("forbidden-address", null));
    assertThat(names.queries).containsExactly("receiver.example");
    assertThat(server.connections()).isZero();
  }

  @Test
  void aForbiddenAddressExhaustsTheDeliveriesWithoutDetailsOfTheNetwork() {
    var acceptance =
        new Acceptance(
            "job-1",
            URI.create("https://receiver.example:" + port + "/"),
            FakeServices.START.minus(Duration.ofDays(3)));
    var job = new NeedsCallback(acceptance, "signature", 10, null);
    var fakes = new FakeServices();
    fakes.receiver = delivery -> deliver(delivery.url().toString());

    assertThat(QueueBatch.of(job).failed(fakes)).isEmpty();

    assertThat(fakes.dead)
        .containsExactly(
            new FakeServices.Dead(
                job.fresh(fakes.time.instant()),
                new DeadLetterReason(Kind.CALLBACK_EXHAUSTED, "forbidden-address", 10)));
    assertThat(fakes.log).singleElement().asString().doesNotContain("127.0.0.1", port);
    assertThat(server.connections()).isZero();
  }

  @Test
  void theNameInAForbiddenUrlIsNotResolved() {
    assertThat(deliver("http://receiver.example:" + port + "/"))
        .isEqualTo(new Forbidden("forbidden-url"));
    assertThat(names.queries).isEmpty();
    assertThat(server.connections()).isZero();
  }

  @Test
  void aLocalRunMayReachThisMachine() {
    environment.put("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true");

    assertThat(deliver("http://receiver:" + port + "/")).isEqualTo(new Delivered("http-200"));
  }

  @Test
  void theUpstreamMayHaveAPrivateAddress() {
    environment.put("CRYPTO_CLIENT_BASE_URL", "http://signer.internal:" + port);
    var grant = new Grant("grant", Instant.EPOCH, Instant.MAX);

    assertThat(services().signer().sign("hello", AMPLE, grant)).contains(new Signed("sig"));
  }

  private DeliveryOutcome deliver(String url) {
    return services().callbacks().deliver(URI.create(url), "job-1", "signature", AMPLE);
  }

  private Services services() {
    return ServiceFactory.create(
        Config.from(environment::get),
        AwsClients.of(CallbackAddressesIT::nothing, CallbackAddressesIT::nothing),
        new SystemTime(),
        _ -> {},
        Network.ofSystem().withNames(names));
  }

  private static <T> T nothing() {
    throw new IllegalStateException("there is no AWS here");
  }
}
