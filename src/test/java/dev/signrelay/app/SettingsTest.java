package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.app.Setting.Flag;
import dev.signrelay.app.Setting.Items;
import dev.signrelay.app.Setting.Seconds;
import dev.signrelay.app.Setting.SecretArn;
import dev.signrelay.app.Setting.Secrets;
import dev.signrelay.app.Setting.Text;
import dev.signrelay.app.Setting.Url;
import dev.signrelay.app.Setting.WholeNumber;
import dev.signrelay.testing.TestEnvironment;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each setting, at its bounds and past them. {@code EnvironmentReaderTest} tests the kinds. */
final class SettingsTest {

  /** What some settings need, and the lowest base of the others. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "JOB_TABLE", "jobs",
          "CLIENT_API_KEYS", "0123456789abcdef",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_TIMEOUT_SECONDS", "70");

  private static final BigDecimal LITTLE = new BigDecimal("0.001");

  private static final List<Setting> SETTINGS = Config.settings();

  /** A setting's valid values at its bounds, and invalid ones. */
  private record Values(List<String> valid, List<String> invalid) {

    static Values of(Setting setting) {
      return switch (setting) {
        case Seconds s ->
            new Values(
                List.of(s.min(), s.max()),
                List.of(
                    new BigDecimal(s.min()).subtract(LITTLE).toString(),
                    new BigDecimal(s.max()).add(LITTLE).toString(),
                    "NaN"));
        case WholeNumber n ->
            new Values(
                List.of("" + n.min(), "" + n.max()),
                List.of("" + (n.min() - 1), "" + (n.max() + 1), "NaN"));
        case Flag _ -> new Values(List.of("true", "false"), List.of("yes"));
        case Url _ -> new Values(List.of("https://a.example"), List.of("a"));
        case Items _ -> new Values(List.of(), List.of("*", ","));
        case Secrets _ -> new Values(List.of(), List.of(" ", "SESAMEé"));
        case Text _, SecretArn _ -> new Values(List.of(), List.of());
      };
    }
  }

  @ParameterizedTest
  @FieldSource("SETTINGS")
  void aValueIsAcceptedAtItsBoundsAndRefusedPastThemWithoutQuotingIt(Setting setting) {
    Values values = Values.of(setting);

    assertThat(values.valid())
        .allSatisfy(
            value ->
                assertThatCode(() -> config(setting.name(), value)).doesNotThrowAnyException());
    assertThat(values.invalid())
        .allSatisfy(
            value ->
                assertThatIllegalStateException()
                    .isThrownBy(() -> config(setting.name(), value))
                    .withMessageStartingWith(
                        "Invalid configuration: " + setting.name() + " must be ")
                    .withMessageNotContaining("SESAME")
                    .withNoCause());
  }

  @Test
  void aRequiredSettingIsNamedIfItIsMissing() {
    assertThat(TestEnvironment.REQUIRED.keySet())
        .allSatisfy(
            name ->
                assertInvalid(
                    name,
                    "",
                    name.equals("CRYPTO_CLIENT_API_KEY")
                        ? name + " or CRYPTO_CLIENT_API_KEY_ARN is required"
                        : name + " is required"));
  }

  @ParameterizedTest
  @CsvSource({
    "CALLBACK_ALLOWED_HOSTS, https://a.net, hosts or *.domain",
    "CALLBACK_ALLOWED_HOSTS, 'a.net; b.net', hosts or *.domain",
    "CALLBACK_ALLOWED_PORTS, '443,65536', ports from 1 to 65535",
    "CALLBACK_ALLOWED_PORTS, 443-445, ports from 1 to 65535",
  })
  void aListWithOneMalformedElementIsRefused(String name, String value, String rule) {
    assertInvalid(name, value, name + " must be " + rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CALLBACK_SIGNING_SECRET must be whsec_ and the padded base64 of 24 to 64 bytes,"
            + " or several of these with spaces between",
        "CLIENT_API_KEYS must be one or more keys of at least 16 visible ASCII characters without a"
            + " colon, each alone or as name:key, with spaces or commas between",
        "CRYPTO_CLIENT_API_KEY must be printable ASCII"
      })
  void aSecretHasARule(String error) {
    assertInvalid(error.substring(0, error.indexOf(' ')), "SESAMEé", error);
  }

  @Test
  void everySettingIsListedOnce() {
    assertThat(Config.settings()).extracting(Setting::name).doesNotHaveDuplicates();
  }

  private static void assertInvalid(String name, String value, String error) {
    assertThatIllegalStateException()
        .isThrownBy(() -> config(name, value))
        .withMessage("Invalid configuration: " + error)
        .withNoCause();
  }

  private static Config config(String name, String value) {
    var settings = new HashMap<>(OTHERS);
    settings.put(name, value);
    return TestEnvironment.config(settings);
  }
}
