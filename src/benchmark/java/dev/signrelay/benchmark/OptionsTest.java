package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {

  @Test
  void withoutOptionsEverythingIsMeasuredAtLengthAndNothingOfTheDocsIsWritten() {
    Options options = Options.parse();

    assertThat(options.rounds()).isEqualTo(15);
    assertThat(options.asksFor("cold")).isTrue();
    assertThat(options.writeDocs()).isFalse();
  }

  @Test
  void aNumberThatIsGivenGoesBeforeThatOfAQuickRun() {
    Options options = Options.parse("--rounds", "7", "--quick", "--only", "cold,jobs");

    assertThat(options.rounds()).isEqualTo(7);
    assertThat(options.requests()).isEqualTo(300);
    assertThat(List.of("cold", "warm", "jobs"))
        .filteredOn(options::asksFor)
        .containsExactly("cold", "jobs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--round 7", "--rounds", "--rounds 0", "--rounds many", "--only colt", "quick"})
  void whatIsNotKnownIsNotGuessed(String line) {
    assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(line.split(" ")));
  }
}
