package dev.signrelay.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.KeyRefused;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SigningReplyTest {

  private static final SigningOutcome NOT_TEXT = new Failed("not-text", null);
  private static final SigningOutcome EMPTY = new Failed("empty-body", null);

  @ParameterizedTest
  @ValueSource(
      strings = {"c2lnbmF0dXJl", " a b ", "a\tb", "a\r\nb", "é🔑", "{}", "a\r", "a\n\n\nb"})
  void aTextBodyIsTheSignatureUnchanged(String text) {
    assertThat(ok(text)).isEqualTo(new Signed(text));
  }

  @Test
  void oneFinalLineBreakIsRemoved() {
    assertThat(ok("a\n")).isEqualTo(new Signed("a"));
    assertThat(ok("a\r\n")).isEqualTo(new Signed("a"));
    assertThat(ok("a\n\n")).isEqualTo(new Signed("a\n"));
    assertThat(ok("a\r\n\r\n")).isEqualTo(new Signed("a\r\n"));
    assertThat(ok("a\n\r\n")).isEqualTo(new Signed("a\n"));
    assertThat(ok("a \n")).isEqualTo(new Signed("a "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", "\n\n", " ", " \t\r\n"})
  void aBlankBodyIsAFailure(String text) {
    assertThat(ok(text)).isEqualTo(EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "a\u0001", "\u001bb", "a\u007f", "a\u0080b", "a\u009f"})
  void aBodyWithControlCharactersIsNotText(String text) {
    assertThat(ok(text)).isEqualTo(NOT_TEXT);
  }

  @Test
  void aBodyThatIsNotUtf8IsNotText() {
    assertThat(outcome(new Reply(200, "text/plain", null, "é".getBytes(ISO_8859_1), false)))
        .isEqualTo(NOT_TEXT);
    byte[] overlong = {(byte) 0xc0, (byte) 0xaf};
    assertThat(outcome(new Reply(200, null, null, overlong, false))).isEqualTo(NOT_TEXT);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"text/plain", "text/plain; charset=utf-8", "TEXT/Plain", " text/html"})
  void aTextTypeOrNoTypeIsAccepted(@Nullable String contentType) {
    assertThat(outcome(new Reply(200, contentType, null, utf8("a"), false)))
        .isEqualTo(new Signed("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "application/json", "application/octet-stream", "text", "x-text/a"})
  void anyOtherTypeIsNotText(String contentType) {
    assertThat(outcome(new Reply(200, contentType, null, utf8("a"), false))).isEqualTo(NOT_TEXT);
  }

  @Test
  void everyStatusButThatOfASignatureHasItsOutcome() {
    Duration wait = Duration.ofSeconds(7);
    assertThat(IntStream.rangeClosed(100, 599).filter(s -> s != 200))
        .allSatisfy(
            s ->
                assertThat(status(s))
                    .isEqualTo(
                        switch (s) {
                          case 400, 413, 414, 422 -> new Rejected("http-" + s);
                          case 401, 403 -> new KeyRefused("http-" + s, wait);
                          default -> new Failed("http-" + s, wait);
                        }));
  }

  @Test
  void aReplyNeedsNoRetryAfter() {
    assertThat(outcome(new Reply(503, null, null, utf8(""), false)))
        .isEqualTo(new Failed("http-503", null));
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void noReplyIsAFailureWithItsCause(Cause cause) {
    assertThat(outcome(new NoReply(cause, null))).isEqualTo(new Failed(cause.code(), null));
  }

  private static SigningOutcome status(int status) {
    return outcome(new Reply(status, "text/plain", Duration.ofSeconds(7), utf8("a"), false));
  }

  private static SigningOutcome ok(String text) {
    return outcome(new Reply(200, "text/plain", null, utf8(text), false));
  }

  private static SigningOutcome outcome(HttpResult result) {
    return SigningReply.outcome(result);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
