package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.app.Setting.Flag;
import dev.signrelay.app.Setting.Items;
import dev.signrelay.app.Setting.Seconds;
import dev.signrelay.app.Setting.Secrets;
import dev.signrelay.app.Setting.Text;
import dev.signrelay.app.Setting.Url;
import dev.signrelay.app.Setting.WholeNumber;
import dev.signrelay.secret.SecretSource.Plain;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentReaderTest {

  private static final Url URL = new Url("X");
  private static final Text TEXT = new Text("X", true);
  private static final Seconds SECONDS = new Seconds("X", "1.5", "0.1", "60");
  private static final WholeNumber NUMBER = new WholeNumber("X", 10, 1, 1_000);
  private static final Items LIST = new Items("X", "7", "integers");
  private static final Secrets SECRETS = new Secrets("X", "integers", false);

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  "})
  void anUnsetOrEmptyVariableHasItsDefaultIfThereIsOne(@Nullable String value) {
    assertRead(value, r -> r.read(SECONDS), Duration.ofMillis(1_500));
    assertRead(value, r -> r.read(NUMBER), 10);
    assertRead(value, r -> r.read(new Flag("X", true)), true);
    assertRead(value, r -> r.read(new Flag("X", false)), false);
    assertRead(value, r -> r.read(LIST, Integer::valueOf), 7);
    assertInvalid(value, r -> r.read(URL), "X is required");
    assertInvalid(value, r -> r.read(TEXT), "X is required");
  }

  @Test
  void spacesAroundAValueAreIgnored() {
    assertRead(" http://a/ ", r -> r.read(URL), URI.create("http://a/"));
    assertRead(" 7 ", r -> r.read(NUMBER), 7);
    assertRead("\ttrue", r -> r.read(new Flag("X", false)), true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://signer.example.com/v1", "http://localhost:8080/", "https://[::1]:65535"})
  void aUrlIsHttpOrHttps(String url) {
    assertRead(url, r -> r.read(URL), URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "signer.example.com",
        "ftp://signer.example.com",
        "https:signer",
        "https:///v1",
        "https://user@signer.example.com",
        "https://user:SECRET@signer.example.com",
        "https://signer.example.com?a=b",
        "https://signer.example.com/#top",
        "https://signer example.com",
        "https://signer.example.com:0/",
        "https://signer.example.com:65536/",
      })
  void aUrlHasAHostAndNeitherUserNorQueryNorFragment(String url) {
    assertInvalid(
        url, r -> r.read(URL), "X must be an http or https URL without user, query and fragment");
  }

  @ParameterizedTest
  @CsvSource({"0.1, PT0.1S", "60, PT60S", "00.5, PT0.5S", "0.123456789, PT0.123456789S"})
  void secondsHaveUpToNineDecimals(String value, Duration duration) {
    assertRead(value, r -> r.read(SECONDS), duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.099999999", "60.000000001", "-1", "+1", "1s", "1e0", ".5", "1.", "NaN", "many"})
  void secondsOutOfBoundsAreRefused(String value) {
    assertInvalid(value, r -> r.read(SECONDS), "X must be from 0.1 to 60 seconds");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1000, 1000", "2.0, 2"})
  void aWholeNumberMayHaveZerosAsDecimals(String value, int number) {
    assertRead(value, r -> r.read(NUMBER), number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "+1", "1e0", "NaN", "many", "9999999999"})
  void aWholeNumberOutOfBoundsIsRefused(String value) {
    assertInvalid(value, r -> r.read(NUMBER), "X must be a whole number from 1 to 1,000");
  }

  @Test
  void aFractionIsNotAWholeNumber() {
    assertInvalid("2.5", r -> r.read(NUMBER), "X must be a whole number from 1 to 1,000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRUE", "yes", "1", "0", "off"})
  void aFlagIsTrueOrFalse(String value) {
    assertRead("true", r -> r.read(new Flag("X", false)), true);
    assertRead("false", r -> r.read(new Flag("X", true)), false);
    assertInvalid(value, r -> r.read(new Flag("X", true)), "X must be true or false");
  }

  @Test
  void aListThatBreaksItsRuleIsRefused() {
    assertRead("8", r -> r.read(LIST, Integer::valueOf), 8);
    assertInvalid("x", r -> r.read(LIST, Integer::valueOf), "X must be integers");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "")
  void unsetSecretsAreNone(@Nullable String value) {
    assertRead(value, r -> r.read(SECRETS, _ -> Optional.empty(), 0), new Plain<>(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "SECRET"})
  void secretsThatBreakTheirRuleOrAreBlankAreRefusedWithoutQuotingThem(String value) {
    assertRead("8", r -> r.read(SECRETS, v -> Optional.of(Integer.valueOf(v)), 0), new Plain<>(8));
    assertInvalid(value, r -> r.read(SECRETS, _ -> Optional.empty(), 0), "X must be integers");
  }

  @Test
  void allErrorsAreReportedTogether() {
    var reader = new EnvironmentReader(name -> name.equals("A") ? "x" : null);
    reader.read(new WholeNumber("A", 1, 1, 2));
    reader.read(new Url("B"));
    reader.require(true, "never");
    reader.require(false, "A must be less than B");

    assertThatIllegalStateException()
        .isThrownBy(reader::throwIfInvalid)
        .withMessage(
            "Invalid configuration: A must be a whole number from 1 to 2; B is required;"
                + " A must be less than B")
        .withNoCause();
  }

  private static <T> void assertRead(
      @Nullable String value, Function<EnvironmentReader, T> read, T expected) {
    var reader = new EnvironmentReader(name -> name.equals("X") ? value : null);
    assertThat(read.apply(reader)).isEqualTo(expected);
    assertThatCode(reader::throwIfInvalid).doesNotThrowAnyException();
  }

  private static void assertInvalid(
      @Nullable String value, Function<EnvironmentReader, ?> read, String error) {
    var reader = new EnvironmentReader(name -> name.equals("X") ? value : null);
    read.apply(reader);
    assertThatIllegalStateException()
        .isThrownBy(reader::throwIfInvalid)
        .withMessage("Invalid configuration: " + error)
        .withNoCause();
  }
}
