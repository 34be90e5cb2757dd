package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.local.LocalSystem.Ports;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalOptionsTest {

  private static final Pattern OPTION_WITH_A_VALUE =
      Pattern.compile("^ +(--[a-z-]+) [A-Z]+ ", Pattern.MULTILINE);

  static List<String> optionsInTheHelp() {
    return OPTION_WITH_A_VALUE.matcher(LocalOptions.HELP).results().map(o -> o.group(1)).toList();
  }

  @Test
  void theDefaultsInTheHelpAreThoseOfTheCode() {
    assertThat(LocalOptions.parse())
        .isEqualTo(new LocalOptions("127.0.0.1", new Ports(3000, 3100, 3200, 9324, 8000), 10, 15));
    assertThat(Pattern.compile("\\(([0-9.]+)\\)").matcher(LocalOptions.HELP).results())
        .extracting((MatchResult m) -> m.group(1))
        .containsExactly("3000", "3100", "3200", "9324", "8000", "127.0.0.1", "10", "15");
  }

  @ParameterizedTest
  @MethodSource("optionsInTheHelp")
  void everyOptionInTheHelpIsAccepted(String option) {
    assertThat(LocalOptions.parse(option, "7")).isNotEqualTo(LocalOptions.parse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--prot 1", "--port", "--port many", "--port 65536", "--signer-limit -1"})
  void anInvalidOptionIsReportedWithARemedy(String arguments) {
    assertThatThrownBy(() -> LocalOptions.parse(arguments.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(".*(see --help|must be an integer from 0 to [0-9]+)");
  }
}
