package dev.signrelay.local.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A recorded request, and the command that repeats it. */
final class RecordedRequestTest {

  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "'/crypto/sign?message=a+b%2Bc&callback_url=http%3A%2F%2Fh%2F', '', 'a b+c'",
    "'/crypto/sign?message=%zz', '', '%zz'",
    "'/crypto/sign', '{\"message\":\"in the body\"}', 'in the body'",
    "'/crypto/sign?message=ignored', '{\"message\":', ''",
    "'/crypto/sign', '', ''"
  })
  void theMessageIsThatOfTheBodyOrOfTheQuery(String target, String body, String message) {
    assertThat(recorded("POST", target, Map.of(), body).text("message")).isEqualTo(message);
  }

  @Test
  void theKeyOfTheClientIsNotKept() {
    JobEvent event =
        recorded("GET", "/x", Map.of("x-api-key", "secret", "authorization", "secret"), "");

    assertThat(event.line()).doesNotContain("secret");
    assertThat(CurlCommand.of("http://h", event)).contains("-H 'x-api-key: YOUR_KEY'");
  }

  @Test
  void theCommandRepeatsMethodHeadersBodyAndQuery() {
    JobEvent event =
        recorded(
            "POST",
            "/crypto/sign?x=[1-9]",
            Map.of("content-type", "application/json", "prefer", "respond-async", "accept", "*"),
            "{\"message\":\"it's\"}");

    assertThat(CurlCommand.of("http://localhost:3000", event))
        .isEqualTo(
            "curl -i --globoff -X 'POST' -H 'content-type: application/json'"
                + " -H 'prefer: respond-async' --data-raw '{\"message\":\"it'\\''s\"}'"
                + " 'http://localhost:3000/crypto/sign?x=[1-9]'");
  }

  /** It would not be the same request otherwise. */
  @Test
  void theCommandHasTheLongestBodyThatIsValidAsAWhole() {
    String body = "{\"message\":\"hello\"}" + " ".repeat(65_536 - 19);

    JobEvent event = recorded("POST", "/crypto/sign", Map.of(), body);

    assertThat(CurlCommand.of("http://h", event)).contains("'" + body + "'");
  }

  /** U+202E reverses the direction of text, and ESC [201~ ends what a terminal pastes. */
  @ParameterizedTest
  @EnabledOnOs({OS.LINUX, OS.MAC})
  @ValueSource(
      strings = {
        "'; touch /tmp/x; '",
        "$(id) `id` \\ \" !",
        "\u001b[201~id\n'\\",
        "\u202eabc\u2028é\ud83d\ude00"
      })
  void aShellReadsTheQuotedTextAsOneWord(String text) throws Exception {
    String quoted = CurlCommand.quoted(text);

    var shell = new ProcessBuilder("bash", "-c", "LC_ALL=C.UTF-8; printf %s " + quoted).start();

    assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8)).isEqualTo(text);
    assertThat(quoted).doesNotContain("\u001b", "\u202e", "\n", "\u2028");
  }

  private static JobEvent recorded(
      String method, String target, Map<String, String> headers, String body) {
    return new RecordedRequest(
            method, target, headers, body, 200, Map.of("x-request-id", "id"), "{}")
        .event(START, START.plusMillis(7));
  }
}
