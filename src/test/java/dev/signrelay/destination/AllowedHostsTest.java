package dev.signrelay.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedHostsTest {

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, true",
    "Example.COM, eXample.com, true",
    "example.com, a.example.com, false",
    "example.com, example.com.evil.net, false",
    "example.com, badexample.com, false",
    "*.example.com, a.example.com, true",
    "*.example.com, a.b.EXAMPLE.com, true",
    "*.example.com, example.com, false",
    "*.example.com, .example.com, false",
    "*.example.com, badexample.com, false",
    "*.example.com, a.example.com.evil.net, false",
    "'one.net, *.two.net  three.net', one.net, true",
    "'one.net, *.two.net  three.net', a.two.net, true",
    "'one.net, *.two.net  three.net', three.net, true",
    "'one.net, *.two.net  three.net', two.net, false",
    "' ', anything.net, true",
  })
  void aHostIsAllowedIfAPatternMatchesOrThereIsNone(String patterns, String host, boolean allowed) {
    assertThat(AllowedHosts.parse(patterns).allow(host)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "*.", "a.*.b", "*a.b", "a_b.c", "a..b", ".a", "a.", "a:443", "ä.b", "-a.b"})
  void aMalformedPatternIsRefused(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> AllowedHosts.parse("a.b, " + pattern));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", " , "})
  void separatorsWithoutAPatternAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> AllowedHosts.parse(text));
  }
}
