package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.signrelay.app.Config;
import dev.signrelay.testing.Canary;
import dev.signrelay.testing.TestEnvironment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The errors of a configuration quote no setting: a secret can be in the wrong one. */
final class SecretsInFailuresTest {

  private static final Canary CANARY = new Canary("SerinusUnexpected88");

  @ParameterizedTest
  @ValueSource(
      strings = {"%s\r\n", "\u0001%s", "https://user:%s@h.example/", "whsec_%s", "%s é", "-%s"})
  void anInvalidSettingIsNotQuoted(String format) {
    String invalid = format.formatted(CANARY.core());

    assertThat(Config.settings())
        .allSatisfy(
            setting -> {
              var environment = new HashMap<>(TestEnvironment.REQUIRED);
              environment.put(setting.name(), invalid);
              assertThat(findings(errors(environment::get))).isEmpty();
            });
    assertThat(errors(_ -> invalid)).isNotEmpty();
    assertThat(findings(errors(_ -> invalid))).isEmpty();
  }

  /** The stack trace of the exception, with its message; empty if the configuration is valid. */
  private static String errors(UnaryOperator<String> environment) {
    var text = new StringWriter();
    Throwable failure = catchThrowable(() -> Config.from(environment));
    if (failure != null) {
      failure.printStackTrace(new PrintWriter(text));
    }
    return text.toString();
  }

  private static List<String> findings(String text) {
    return Canary.in(List.of(CANARY), Stream.of(text));
  }
}
