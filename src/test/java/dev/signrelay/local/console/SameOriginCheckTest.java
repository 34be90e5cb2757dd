package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SameOriginCheckTest {

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
  void hostsThatCannotBePublicNamesAreAllowed(String host) {
    Headers headers = headers(Map.of("Host", host));

    assertThat(SameOriginCheck.pageRefusal(headers)).isNull();
    assertThat(SameOriginCheck.eventsRefusal(headers)).isNull();
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
  void hostsThatCanBePublicNamesAreRefused(String host) {
    Headers headers = headers(Map.of("Host", host));

    assertThat(SameOriginCheck.pageRefusal(headers)).contains("localhost");
    assertThat(SameOriginCheck.eventsRefusal(headers)).isNotNull();
    headers.set(SameOriginCheck.HEADER, "1");
    assertThat(SameOriginCheck.actionRefusal(headers)).isNotNull();
  }

  @Test
  void theConsolesPageMayRequestActions() {
    Map<String, String> own =
        Map.of(
            "Host",
            "localhost:3000",
            "Origin",
            "http://localhost:3000",
            "Sec-Fetch-Site",
            "same-origin",
            SameOriginCheck.HEADER,
            "1");

    assertThat(SameOriginCheck.actionRefusal(headers(own))).isNull();
  }

  @Test
  void aRequestWithoutAnOriginMayRequestActions() {
    assertThat(
            SameOriginCheck.actionRefusal(
                headers(Map.of("Host", "127.0.0.1:3000", SameOriginCheck.HEADER, "1"))))
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://elsewhere.example", "http://localhost:3001", "null"})
  void otherOriginsMayNotRequestActions(String origin) {
    Map<String, String> foreign =
        Map.of("Host", "localhost:3000", "Origin", origin, SameOriginCheck.HEADER, "1");

    assertThat(SameOriginCheck.actionRefusal(headers(foreign))).isNotNull();
  }

  @Test
  void anActionRequiresTheHeader() {
    assertThat(SameOriginCheck.actionRefusal(headers(Map.of("Host", "localhost:3000"))))
        .contains(SameOriginCheck.HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void otherSitesMayNotReadEvents(String site) {
    Headers headers = headers(Map.of("Host", "localhost:3000", "Sec-Fetch-Site", site));

    assertThat(SameOriginCheck.eventsRefusal(headers)).isNotNull();
  }

  private static Headers headers(Map<String, String> values) {
    var headers = new Headers();
    values.forEach(headers::set);
    return headers;
  }
}
