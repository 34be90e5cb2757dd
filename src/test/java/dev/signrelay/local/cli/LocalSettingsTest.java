package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LocalSettingsTest {

  @TempDir private Path folder;

  @Test
  void aFileHasNamesAndValuesWithCommentsAndQuotes() throws IOException {
    assertThat(read("\uFEFF# comment\n\nexport A=1\nB='x y'\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Map.of("A", "1", "B", "x y"));
    assertThat(LocalSettings.read(folder.resolve("missing"))).isEmpty();
  }

  @Test
  void whatIsNoSuchFileIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("A=1\n=2\n".getBytes(StandardCharsets.UTF_8)))
        .withMessageEndingWith(".env, line 2: expected NAME=value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("A=\u00e9".getBytes(StandardCharsets.ISO_8859_1)))
        .withMessageEndingWith(".env must be in UTF-8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalSettings.read(folder))
        .withMessageEndingWith("must be a file");
  }

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
    "CRYPTO_CLIENT_BASE_URL, CRYPTO_CLIENT_API_KEY is not",
    "CRYPTO_CLIENT_API_KEY, CRYPTO_CLIENT_BASE_URL is not",
  })
  void aMistakeInTheFileIsRefusedWithARemedy(String name, String remedy) {
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
  void anUpstreamAndItsKeyMayBeSetInDifferentPlaces() {
    var url = Map.of("CRYPTO_CLIENT_BASE_URL", "https://upstream.example");

    assertThat(LocalSettings.merged(Map.of(), url, Map.of("CRYPTO_CLIENT_API_KEY", "key")))
        .hasSize(2);
  }

  @Test
  void anEmptyValueIsAsIfItWereNotSetUnlessItIsASecret() {
    var empty = Map.of("RETRY_MAX_ATTEMPTS", " ", "CLIENT_API_KEYS", "");

    assertThat(LocalSettings.merged(Map.of("RETRY_MAX_ATTEMPTS", "3"), empty, Map.of()))
        .isEqualTo(Map.of("RETRY_MAX_ATTEMPTS", "3", "CLIENT_API_KEYS", ""));
  }

  private Map<String, String> read(byte[] content) throws IOException {
    return LocalSettings.read(Files.write(folder.resolve(".env"), content));
  }
}
