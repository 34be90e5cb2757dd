package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LocalSettingsTest {

  @Test
  void theEnvironmentComesBeforeTheFileAndTheFileBeforeTheDefaults() {
    assertThat(
            LocalSettings.merged(
                Map.of("RETRY_MAX_ATTEMPTS", "1", "JOB_TABLE", "a", "LINE_MAX_SECONDS", "1"),
                Map.of("RETRY_MAX_ATTEMPTS", "2", "JOB_TABLE", "b", "AWS_REGION", "x"),
                Map.of("RETRY_MAX_ATTEMPTS", "3")))
        .isEqualTo(
            Map.of(
                "RETRY_MAX_ATTEMPTS", "3",
                "JOB_TABLE", "b",
                "LINE_MAX_SECONDS", "1",
                "AWS_REGION", "x"));
  }

  @ParameterizedTest
  @CsvSource({
    "RETRY_MAX_ATEMPTS, Did you mean RETRY_MAX_ATTEMPTS?",
    "CLIENT_API_KEY, Did you mean CLIENT_API_KEYS?",
    "SOMETHING_ELSE, docs/configuration.md",
  })
  void aMisspeltNameInTheFileIsRefusedWithTheNearestOne(String name, String remedy) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalSettings.merged(Map.of(), Map.of(name, "1"), Map.of()))
        .withMessageContaining(name)
        .withMessageContaining(remedy);
  }

  @Test
  void aMisspeltNameInTheEnvironmentIsAWarningAndOtherVariablesAreNone() {
    assertThat(LocalSettings.warnings(Map.of("CALLBACK_TIMEOUT_SECOND", "1", "PATH", "/bin")))
        .containsExactly(
            "The variable CALLBACK_TIMEOUT_SECOND is not a setting."
                + " Did you mean CALLBACK_TIMEOUT_SECONDS?");
  }

  @Test
  void anUpstreamNeedsAKey() {
    var url = Map.of("CRYPTO_CLIENT_BASE_URL", "https://upstream.example");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalSettings.merged(Map.of(), url, Map.of()))
        .withMessageContaining("CRYPTO_CLIENT_API_KEY");
    assertThat(LocalSettings.merged(Map.of(), url, Map.of("CRYPTO_CLIENT_API_KEY", "key")))
        .hasSize(2);
  }

  @Test
  void aKeyNeedsAnUpstream() {
    var key = Map.of("CRYPTO_CLIENT_API_KEY", "key");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalSettings.merged(Map.of(), key, Map.of()))
        .withMessageContaining("CRYPTO_CLIENT_BASE_URL is not");
  }

  @Test
  void anEmptyValueIsAsIfItWereNotSetUnlessItIsASecret() {
    var empty = Map.of("RETRY_MAX_ATTEMPTS", " ", "CLIENT_API_KEYS", "");

    assertThat(LocalSettings.merged(Map.of("RETRY_MAX_ATTEMPTS", "3"), empty, Map.of()))
        .isEqualTo(Map.of("RETRY_MAX_ATTEMPTS", "3", "CLIENT_API_KEYS", ""));
  }
}
