package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PreferHeaderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "respond-async",
        "Respond-ASYNC",
        " respond-async ",
        "respond-async, wait=10",
        "return=minimal,respond-async",
        ", ,respond-async",
        "respond-async; foo=\"a, b; c\"",
        "respond-async;",
        "respond-async=\"\"",
        "handling=\"a \\\", b\", respond-async",
        "respond-async, respond-async=no",
      })
  void theClientPrefersToReadTheResultLater(String header) {
    assertThat(PreferHeader.respondAsync(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wait=10",
        "respond-asynchronously",
        "respond async",
        "x-respond-async",
        "wait=10; respond-async",
        "return=respond-async",
        "foo=\"bar, respond-async\"",
        "foo=\"bar\\\", respond-async",
        "foo=\"not closed, respond-async",
        "respond-async=no",
        "respond-async=no, respond-async",
        "\"respond-async\"",
        "\\",
      })
  void otherPreferencesAreIgnored(String header) {
    assertThat(PreferHeader.respondAsync(header)).isFalse();
  }
}
