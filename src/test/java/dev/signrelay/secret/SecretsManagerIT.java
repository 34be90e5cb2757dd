package dev.signrelay.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.Network;
import dev.signrelay.testing.FakeSecretsManager;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

/** Reads of the SDK's client from an HTTP server. */
@Timeout(60)
final class SecretsManagerIT {

  private static final String ARN = FakeSecretsManager.arn("key");
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final FakeSecretsManager server = new FakeSecretsManager();
  private final SecretsManager store = store(server.url());

  @BeforeEach
  void theCurrentValueIsRead() {
    server.put(ARN, "the value ✓");
    assertThat(store.read(ARN, AMPLE)).isEqualTo("the value ✓");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aBinarySecretIsRefused() {
    server.putBinary(ARN);

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> store.read(ARN, AMPLE))
        .withMessage("the secret is not a text");
  }

  @ParameterizedTest
  @CsvSource({"400, AccessDeniedException", "400, ResourceNotFoundException"})
  void aRefusalIsReportedByItsCodeWithoutFurtherTries(int status, String code) {
    server.fail(status, code);
    int before = server.reads();

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> store.read(ARN, AMPLE))
        .withMessage("Secrets Manager answered " + code);
    assertThat(server.reads()).isEqualTo(before + 1);
  }

  @Test
  void aServerThatHangsFailsOrRefusesTheConnectionIsTriedUntilTheLimit() throws Exception {
    server.delay(ARN, "the-value", AMPLE);
    assertUnavailable(store, "Secrets Manager did not answer in time");
    server.fail(500, "InternalServiceError");
    assertUnavailable(store, "Secrets Manager did not answer in time");
    try (var port = new RefusingPort()) {
      assertUnavailable(store(port.url()), "Secrets Manager");
    }
  }

  private static void assertUnavailable(SecretsManager store, String error) {
    Instant start = Instant.now();
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> store.read(ARN, Duration.ofSeconds(1)))
        .withMessageStartingWith(error);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(3));
  }

  private static SecretsManager store(URI url) {
    return new SecretsManager(
        AwsClients.of(url, Network.ofSystem().tls(), AnonymousCredentialsProvider.create())
            .secretsManager(),
        new SystemTime());
  }
}
