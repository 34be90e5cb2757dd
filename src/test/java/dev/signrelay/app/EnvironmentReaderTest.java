package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.secret.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentReaderTest {

  private static final String ARN =
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:signrelay/key-a1B2c3";

  private static final Function<String, Optional<Integer>> PARSE =
      text -> text.matches("\\d") ? Optional.of(Integer.valueOf(text)) : Optional.empty();

  /** A setting X of each kind. */
  private enum Kind {
    URL(reader -> reader.url("X")),
    TEXT(reader -> reader.text("X", "a name", true)),
    OPTIONAL_TEXT(reader -> reader.text("X", "a name", false)),
    SECONDS(reader -> reader.seconds("X", "1.5", "0.1", "60")),
    NUMBER(reader -> reader.wholeNumber("X", 10, 1, 1_000)),
    WHOLE_SECONDS(reader -> reader.wholeSeconds("X", 10, 1, 1_000)),
    ON(reader -> reader.flag("X", true)),
    OFF(reader -> reader.flag("X", false)),
    LIST(reader -> reader.parsed("X", "7", "integers", Integer::valueOf)),
    SECRET(reader -> reader.secret("X", "a digit", true, PARSE, 0)),
    OPTIONAL_SECRET(reader -> reader.secret("X", "a digit", false, PARSE, 0));

    final Function<EnvironmentReader, Object> read;

    Kind(Function<EnvironmentReader, Object> read) {
      this.read = read;
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      textBlock =
          """
          OPTIONAL_TEXT, unset, ''
          SECONDS, unset, PT1.5S
          NUMBER, unset, 10
          ON, unset, true
          OFF, unset, false
          LIST, unset, 7
          OPTIONAL_TEXT, '  ', ''
          SECONDS, '', PT1.5S
          NUMBER, '  ', 10
          ON, '  ', true
          LIST, '  ', 7
          URL, ' http://a/ ', http://a/
          NUMBER, ' 7 ', 7
          OFF, '\ttrue', true
          URL, https://signer.example.com/v1, https://signer.example.com/v1
          URL, http://localhost:8080/, http://localhost:8080/
          URL, https://[::1]:65535, https://[::1]:65535
          TEXT, limits, limits
          SECONDS, 0.1, PT0.1S
          SECONDS, 60, PT1M
          SECONDS, 00.5, PT0.5S
          SECONDS, 0.123456789, PT0.123456789S
          NUMBER, 1, 1
          NUMBER, 1000, 1000
          NUMBER, 2.0, 2
          WHOLE_SECONDS, 7, PT7S
          ON, false, false
          OFF, true, true
          LIST, 8, 8
          """)
  void aValueIsReadAndOneThatIsUnsetOrBlankIsTheDefault(
      Kind kind, @Nullable String value, String expected) {
    assertThat(read(kind, environment(value, null))).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      delimiter = '|',
      textBlock =
          """
          URL   | unset | is required
          TEXT  | '  '  | is required
          ON    | TRUE  | must be true or false
          ON    | yes   | must be true or false
          ON    | 0     | must be true or false
          LIST  | x     | must be integers
          SECRET          | unset  | or X_ARN is required
          SECRET          | ''     | or X_ARN is required
          OPTIONAL_SECRET | ' '    | must be a digit
          OPTIONAL_SECRET | SESAME | must be a digit
          """)
  void aValueThatBreaksItsRuleIsRefusedWithoutQuotingIt(
      Kind kind, @Nullable String value, String error) {
    assertInvalid(kind, environment(value, null), "X " + error);
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
  void aUrlIsHttpWithAHostAndWithoutUserQueryAndFragment(String url) {
    assertInvalid(
        Kind.URL,
        environment(url, null),
        "X must be an http or https URL without user, query and fragment");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.099999999", "60.000000001", "-1", "+1", "1s", "1e0", ".5", "1.", "NaN", "many"})
  void secondsOutOfBoundsAreRefused(String value) {
    assertInvalid(Kind.SECONDS, environment(value, null), "X must be from 0.1 to 60 seconds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "2.5", "-1", "+1", "1e0", "NaN", "many", "9999999999"})
  void aWholeNumberOutOfBoundsIsRefused(String value) {
    assertInvalid(
        Kind.NUMBER, environment(value, null), "X must be a whole number from 1 to 1,000");
  }

  @Test
  void aSecretIsItsValueOrItsArnOrNone() {
    assertThat(read(Kind.OPTIONAL_SECRET, Map.of())).isEqualTo(new Secret.Fixed<>(0));
    assertThat(read(Kind.OPTIONAL_SECRET, Map.of("X", ""))).isEqualTo(new Secret.Fixed<>(0));
    assertThat(read(Kind.SECRET, Map.of("X", "8"))).isEqualTo(new Secret.Fixed<>(8));
    assertThat(read(Kind.SECRET, Map.of("X_ARN", ARN)))
        .isEqualTo(new Secret.Managed<>("X_ARN", ARN, "a digit", PARSE));
  }

  @Test
  void aSecretIsNotBothItsValueAndItsArn() {
    assertInvalid(Kind.SECRET, environment("8", ARN), "X and X_ARN must not both be set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "signrelay/key",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:signrelay/key",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*",
        "arn:aws:ssm:eu-west-1:123456789012:parameter/key-a1B2c3",
        ARN + ":SecretString",
      })
  void anArnIsComplete(String arn) {
    assertInvalid(Kind.SECRET, environment(null, arn), "X_ARN must be the ARN of a secret");
  }

  @Test
  void allErrorsAreReportedTogether() {
    var reader = new EnvironmentReader(name -> name.equals("A") ? "x" : null);
    reader.wholeNumber("A", 1, 1, 2);
    reader.url("B");
    reader.require(true, "never");
    reader.require(false, "A must be less than B");

    assertThatIllegalStateException()
        .isThrownBy(reader::throwIfInvalid)
        .withMessage(
            "Invalid configuration: A must be a whole number from 1 to 2; B is required;"
                + " A must be less than B");
  }

  private static Map<String, String> environment(@Nullable String value, @Nullable String arn) {
    var environment = new HashMap<String, String>();
    environment.put("X", value);
    environment.put("X_ARN", arn);
    return environment;
  }

  private static Object read(Kind kind, Map<String, String> environment) {
    var reader = new EnvironmentReader(environment::get);
    Object value = kind.read.apply(reader);
    assertThatCode(reader::throwIfInvalid).doesNotThrowAnyException();
    return value;
  }

  private static void assertInvalid(Kind kind, Map<String, String> environment, String error) {
    var reader = new EnvironmentReader(environment::get);
    kind.read.apply(reader);
    assertThatIllegalStateException()
        .isThrownBy(reader::throwIfInvalid)
        .withMessage("Invalid configuration: " + error)
        .withNoCause();
  }
}
