package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.aws.AwsClients;
import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import dev.signrelay.http.Behaviours;
import dev.signrelay.http.FakeNames;
import dev.signrelay.http.Network;
import dev.signrelay.http.RawServer;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.DeadLetterReason.Kind;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.upstream.SigningOutcome.Signed;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The functions' own parts, and a server on this machine. */
final class CallbackAddressesIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final RawServer server =
      RawServer.start(
          Behaviours.answers(200, "Content-Type: text/plain\r\n", new byte[] {'s', 'i', 'g'}));
  private final String port = Integer.toString(server.url("").getPort());
  private final FakeNames names = new FakeNames("127.0.0.1");
  private final Map<String, String> environment = new HashMap<>(Parts.ENVIRONMENT);

  CallbackAddressesIT() {
    environment.put("CALLBACK_ALLOWED_PORTS", port);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void aCallbackToANameThatTurnsOutToBeThisMachineIsNotConnectedTo() {
    assertThat(deliver("https://receiver.example:" + port + "/"))
        .isEqualTo(new Forbidden("forbidden-address"));
    assertThat(names.asked).containsExactly("receiver.example");
    assertThat(server.connections()).isZero();
  }

  @Test
  void itsJobIsADeadLetterThatSaysNothingOfTheNetwork() {
    var acceptance =
        new Acceptance("job-1", URI.create("https://receiver.example:" + port + "/"), Parts.START);
    var job = new NeedsCallback(acceptance, "signature", 3, null);
    var parts = new Parts();
    parts.receiver = delivery -> deliver(delivery.url().toString());

    assertThat(Batch.of(job).failed(parts)).isEmpty();

    assertThat(parts.dead)
        .containsExactly(
            new Parts.Dead(
                job.fresh(),
                new DeadLetterReason(Kind.CALLBACK_FORBIDDEN, "forbidden-address", 3)));
    assertThat(parts.log).singleElement().asString().doesNotContain("127.0.0.1", port);
    assertThat(server.connections()).isZero();
  }

  @Test
  void aCallbackToAUrlThatIsForbiddenByNowIsNotEvenLookedUp() {
    assertThat(deliver("http://receiver.example:" + port + "/"))
        .isEqualTo(new Forbidden("forbidden-url"));
    assertThat(names.asked).isEmpty();
    assertThat(server.connections()).isZero();
  }

  @Test
  void aLocalRunReachesThisMachine() {
    environment.put("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true");

    assertThat(deliver("http://receiver:" + port + "/")).isEqualTo(new Delivered("http-200"));
  }

  @Test
  void theUpstreamMayBeAnywhere() {
    environment.put("CRYPTO_CLIENT_BASE_URL", "http://signer.internal:" + port);

    assertThat(wiring().signer().sign("hello", AMPLE, Instant.MAX)).isEqualTo(new Signed("sig"));
  }

  private DeliveryOutcome deliver(String url) {
    return wiring().callbacks().deliver(URI.create(url), "job-1", "signature", AMPLE);
  }

  private Wiring wiring() {
    return Wiring.of(
        Config.from(environment::get),
        new AwsClients(CallbackAddressesIT::nothing, CallbackAddressesIT::nothing),
        InstantSource.system(),
        _ -> {},
        Network.ofSystem().withNames(names));
  }

  private static <T> T nothing() {
    throw new IllegalStateException("there is no AWS here");
  }
}
