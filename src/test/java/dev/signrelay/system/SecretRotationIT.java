package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.KeyRefused;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeSecretsManager;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RecordedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Secrets that change while the services of a process are used every ten seconds. */
@Timeout(120)
@Night
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class SecretRotationIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration TIME_OF_A_ROTATION = Duration.ofMinutes(5);
  private static final String UPSTREAM_KEY = FakeSecretsManager.arn("upstream-key");
  private static final String CLIENT_KEYS = FakeSecretsManager.arn("client-keys");
  private static final String CALLBACK_SECRET = FakeSecretsManager.arn("callback-secret");
  private static final String OLD_CLIENT = "old-client-key-0123456789";
  private static final String NEW_CLIENT = "new-client-key-0123456789";
  private static final String OLD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW_SECRET = "whsec_bmV3LXNlY3JldC1vZi0yNC1ieXRlcyEh";

  private final FakeSecretsManager secrets = new FakeSecretsManager();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final RawServer upstream = RawServer.start(this::sign);
  private final RawServer receiver = RawServer.start(ConnectionHandlers.answers(204, ""));
  private final FakeTime time = new FakeTime();
  private final List<LogEvent> log = new CopyOnWriteArrayList<>();
  private Services services;

  private void sign(RawServer.Connection connection) throws IOException {
    String key = connection.readRequest().header("Authorization");
    connection.write(
        ConnectionHandlers.response(accepted.contains(key) ? 200 : 401, "", new byte[] {'s'}));
  }

  /** The first uses load classes. */
  @BeforeEach
  void start() {
    accepted.add("old-key");
    secrets.put(UPSTREAM_KEY, "old-key");
    secrets.put(CLIENT_KEYS, OLD_CLIENT);
    secrets.put(CALLBACK_SECRET, OLD_SECRET);
    services =
        ServiceFactory.create(
            TestEnvironment.config(
                Map.of(
                    "CRYPTO_CLIENT_BASE_URL",
                    upstream.url("").toString(),
                    "CRYPTO_CLIENT_API_KEY",
                    "",
                    "CRYPTO_CLIENT_API_KEY_ARN",
                    UPSTREAM_KEY,
                    "CLIENT_API_KEYS_ARN",
                    CLIENT_KEYS,
                    "CALLBACK_SIGNING_SECRET_ARN",
                    CALLBACK_SECRET,
                    "CALLBACK_ALLOW_PRIVATE_ADDRESSES",
                    "true")),
            AwsClients.of(secrets.url(), null),
            time,
            log::add);
    assertThat(turn()).isEqualTo(new Signed("s"));
    assertThat(isAdmitted(OLD_CLIENT)).isTrue();
  }

  @AfterEach
  void stop() throws IOException {
    secrets.close();
    upstream.close();
    receiver.close();
  }

  @Test
  void noCallFailsDuringARotationAndTheNewSecretsAreUsedWithinFiveMinutes() {
    accepted.add("new-key");
    secrets.put(UPSTREAM_KEY, "new-key");
    secrets.put(CLIENT_KEYS, OLD_CLIENT + " " + NEW_CLIENT);
    secrets.put(CALLBACK_SECRET, OLD_SECRET + " " + NEW_SECRET);

    Instant changed = time.instant();
    while (time.instant().isBefore(changed.plus(TIME_OF_A_ROTATION))) {
      assertThat(turn()).isEqualTo(new Signed("s"));
      assertThat(isAdmitted(OLD_CLIENT)).isTrue();
      assertThat(isSignedWith(OLD_SECRET)).isTrue();
    }

    assertThat(upstream.requests())
        .extracting(request -> request.header("Authorization"))
        .contains("old-key")
        .endsWith("new-key");
    assertThat(isAdmitted(NEW_CLIENT)).isTrue();
    assertThat(isSignedWith(NEW_SECRET)).isTrue();
    assertThat(log).isEmpty();
  }

  @Test
  void anUpstreamThatRefusesTheOldKeyAtOnceRefusesOneCallOfAProcess() {
    accepted.clear();
    accepted.add("new-key");
    secrets.put(UPSTREAM_KEY, "new-key");

    assertThat(turn()).isEqualTo(new KeyRefused("http-401", null));
    assertThat(turn()).isEqualTo(new Signed("s"));
  }

  @Test
  void anOutageOfSecretsManagerFailsNoCallOfARunningProcess() {
    secrets.fail(500, "InternalServiceError");

    for (int i = 0; i < 40; i++) {
      assertThat(turn()).isEqualTo(new Signed("s"));
    }

    assertThat(log).extracting(LogEvent::name).contains("secret not read");
  }

  /** Ten seconds later, a call and a delivery. */
  private SigningOutcome turn() {
    time.advance(Duration.ofSeconds(10));
    services.signer().prepare(AMPLE);
    assertThat(services.callbacks().deliver(receiver.url("/"), "job-1", "signature", AMPLE))
        .isEqualTo(new Delivered("http-204"));
    var grant = new Grant("grant", Instant.EPOCH, Instant.MAX);
    return services.signer().sign("message", AMPLE, grant).orElseThrow();
  }

  private boolean isAdmitted(String key) {
    return services.clientKeys().get(AMPLE).admit("", key).isPresent();
  }

  /** Does not check the timestamp: the clock is not the true one. */
  private boolean isSignedWith(String secret) {
    RecordedRequest callback = receiver.requests().getLast();
    long timestamp = Long.parseLong(callback.header("webhook-timestamp"));
    String body = new String(callback.body(), StandardCharsets.UTF_8);
    try {
      String expected = new Webhook(secret).sign(callback.header("webhook-id"), timestamp, body);
      return List.of(callback.header("webhook-signature").split(" ")).contains(expected);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
