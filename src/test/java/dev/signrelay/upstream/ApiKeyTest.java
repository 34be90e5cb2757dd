package dev.signrelay.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyTest {

  @ParameterizedTest
  @ValueSource(strings = {"k", "a b", "Bearer SECRET~!", "!", "~"})
  void aKeyIsPrintableAscii(String text) {
    assertThat(ApiKey.parse(text)).contains(new ApiKey(text));
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

  @Test
  void spacesAroundAKeyAreIgnored() {
    assertThat(ApiKey.parse(" the-key\n")).contains(new ApiKey("the-key"));
  }
}
