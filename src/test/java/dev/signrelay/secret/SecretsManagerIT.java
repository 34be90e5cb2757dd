package dev.signrelay.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.aws.AwsClients;
import dev.signrelay.secret.SecretSource.Managed;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeSecretsManager;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads of the SDK's client from an HTTP server. */
@Timeout(60)
final class SecretsManagerIT {

  private static final String ARN = FakeSecretsManager.arn("key");
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final FakeSecretsManager server = new FakeSecretsManager();
  private final SecretsManager store = store(server.url());
  private final List<LogEvent> log = new CopyOnWriteArrayList<>();

  @BeforeEach
  void theClientIsLoaded() {
    server.put(ARN, "the-value");
    assertThat(store.read(ARN)).isEqualTo("the-value");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theCurrentValueIsRead() {
    server.put(ARN, "another value ✓");

    assertThat(store.read(ARN)).isEqualTo("another value ✓");
  }

  @Test
  void aBinarySecretIsRefused() {
    server.putBinary(ARN);

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> store.read(ARN))
        .withMessage("the secret is not a text");
  }

  @ParameterizedTest
  @CsvSource({"400, AccessDeniedException", "400, ResourceNotFoundException"})
  void aRefusalIsReportedByItsCodeWithoutFurtherTries(int status, String code) {
    server.fail(status, code);
    int before = server.reads();

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> store.read(ARN))
        .withMessage("Secrets Manager answered " + code);
    assertThat(server.reads()).isEqualTo(before + 1);
  }

  @Test
  void aServerThatHangsTakesThreeSecondsAtMostAndTheErrorSaysSo() {
    server.delay(FakeSecretsManager.arn("slow"), "the-value", AMPLE);

    assertUnavailable(secret(store, FakeSecretsManager.arn("slow")));

    assertThat(log)
        .extracting(event -> event.fields().get("error"))
        .containsExactly("Secrets Manager did not answer in time");
  }

  @Test
  void aServerThatFailsOrRefusesTheConnectionIsTriedForThreeSecondsAtMost() throws Exception {
    server.fail(500, "InternalServiceError");
    assertUnavailable(secret(store, ARN));
    try (var port = new RefusingPort()) {
      assertUnavailable(secret(store(port.url()), ARN));
    }
    assertThat(log).hasSize(2);
  }

  private void assertUnavailable(Secret<String> secret) {
    Instant start = Instant.now();
    assertThatExceptionOfType(SecretUnavailableException.class).isThrownBy(() -> secret.get(AMPLE));
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
  }

  private Secret<String> secret(SecretStore from, String arn) {
    var source = new Managed<>("KEY_ARN", arn, "a text", Optional::of);
    return new ManagedSecret<>(source, from, new SystemTime(), log::add);
  }

  private static SecretsManager store(URI url) {
    return new SecretsManager(AwsClients.of(url, null).secretsManager());
  }
}
