package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnPageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:3000",
        "LOCALHOST",
        "console.localhost:3000",
        "127.0.0.1:3000",
        "[::1]:3000",
        "192.168.1.20:3000",
        "devbox:3000"
      })
  void aHostThatOnlyThisMachineCanHaveIsShownThePage(String host) {
    Headers headers = headers(Map.of("Host", host));

    assertThat(OwnPage.refusalToShow(headers)).isNull();
    assertThat(OwnPage.refusalToTell(headers)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "elsewhere.example:3000",
        "127.0.0.1.elsewhere.example",
        "localhost.elsewhere.example",
        "localhost:3000@elsewhere.example",
        "1.2.3.4.5",
        "[::1].elsewhere.example",
        ""
      })
  void aNameThatAnotherCanPointHereIsShownNothing(String host) {
    Headers headers = headers(Map.of("Host", host));

    assertThat(OwnPage.refusalToShow(headers)).contains("localhost");
    assertThat(OwnPage.refusalToTell(headers)).isNotNull();
    headers.set(OwnPage.HEADER, "1");
    assertThat(OwnPage.refusalToChange(headers)).isNotNull();
  }

  @Test
  void theConsolesOwnPageMayChangeThings() {
    Map<String, String> own =
        Map.of(
            "Host",
            "localhost:3000",
            "Origin",
            "http://localhost:3000",
            "Sec-Fetch-Site",
            "same-origin",
            OwnPage.HEADER,
            "1");

    assertThat(OwnPage.refusalToChange(headers(own))).isNull();
  }

  @Test
  void soMayAPersonWithCurl() {
    assertThat(
            OwnPage.refusalToChange(headers(Map.of("Host", "127.0.0.1:3000", OwnPage.HEADER, "1"))))
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://elsewhere.example", "http://localhost:3001", "null"})
  void anotherOriginMayNot(String origin) {
    Map<String, String> foreign =
        Map.of("Host", "localhost:3000", "Origin", origin, OwnPage.HEADER, "1");

    assertThat(OwnPage.refusalToChange(headers(foreign))).isNotNull();
  }

  @Test
  void norMayWhoDoesNotSendTheHeader() {
    assertThat(OwnPage.refusalToChange(headers(Map.of("Host", "localhost:3000"))))
        .contains(OwnPage.HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void anotherSiteIsToldNothing(String site) {
    Headers headers = headers(Map.of("Host", "localhost:3000", "Sec-Fetch-Site", site));

    assertThat(OwnPage.refusalToTell(headers)).isNotNull();
  }

  private static Headers headers(Map<String, String> values) {
    var headers = new Headers();
    values.forEach(headers::set);
    return headers;
  }
}
