package dev.signrelay.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyTest {

  @ParameterizedTest
  @ValueSource(strings = {"k", "a b", "Bearer SECRET~!", "!", "~"})
  void aKeyIsPrintableAsciiAndSpacesAroundItAreIgnored(String text) {
    assertThat(ApiKey.parse(text)).contains(new ApiKey(text));
    assertThat(ApiKey.parse(" " + text + "\n")).contains(new ApiKey(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "SECRET\r\nX-Evil: 1",
        "SECRET\tb",
        "SECRETé",
        "SECRET\u007f",
        "\0SECRET"
      })
  void aTextThatCannotBeAHeaderIsNoKey(String text) {
    assertThat(ApiKey.parse(text)).isEmpty();
  }
}
