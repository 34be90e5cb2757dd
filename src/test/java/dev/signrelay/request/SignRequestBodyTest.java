package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.ResultOrRule;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** The request in a JSON body. {@code SignRequestTest} tests the rules that queries share. */
final class SignRequestBodyTest {

  private static final String JSON = "application/json";
  private static final String HELLO = "{\"message\":\"hello\"}";

  @Test
  void allMembersAreRead() {
    assertThat(
            parse(
                """
                {"message":"gr\\u00fc\\u00dfe 🌍 \\ud83d\\udd11\\n","other":{"message":[1,{}]},
                 "callback_url":"https://example.com/hook?a=%2F+","valid_for":1209600}
                """))
        .isEqualTo(
            new SignRequest(
                "grüße 🌍 🔑\n",
                URI.create("https://example.com/hook?a=%2F+"),
                Duration.ofDays(14)));
  }

  /** Some of them are read by lenient parsers. */
  @ParameterizedTest
  @EmptySource
  @ValueSource(
      strings = {
        " ",
        "message=hello",
        "{",
        "[]",
        "\"m\"",
        "1",
        "null",
        "{'message':'m'}",
        "{\"message\":\"m\",}",
        "{\"message\":\"m\"",
        "{\"message\":\"line\nbreak\"}",
        "{\"message\":\"m\",\"other\":01}",
        "{\"message\":\"m\",\"other\":NaN}",
        "{\"message\":\"m\"} // comment",
        "\ufeff{\"message\":\"m\"}"
      })
  void aBodyThatIsNoObjectIsRefused(String body) {
    assertRefused(body, "the body must be a JSON object");
  }

  @Test
  void aSecondValueIsRefused() {
    assertRefused(HELLO + HELLO, "the body must be a single JSON object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"message\":\"a\",\"message\":\"a\"}",
        "{\"message\":\"a\",\"mess\\u0061ge\":\"b\"}",
        "{\"message\":\"a\",\"other\":1,\"other\":2}",
        "{\"message\":\"a\",\"other\":{\"b\":[{\"c\":1,\"c\":2}]}}"
      })
  void aMemberGivenTwiceIsRefused(String body) {
    assertRefused(body, "the body must not have a member twice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                      | message is required",
        "{\"Message\":\"m\"}                     | message is required",
        "{\"message\":\"\"}                      | message must not be empty",
        "{\"message\":null}                      | message must be a string",
        "{\"message\":1}                         | message must be a string",
        "{\"message\":[\"m\"]}                   | message must be a string",
        "{\"message\":{\"message\":\"m\"}}       | message must be a string",
        "{\"message\":\"m\",\"callback_url\":{}} | callback_url must be a string",
        "{\"message\":\"m\",\"callback_url\":null} | callback_url must be a string",
        "{\"message\":\"m\",\"callback_url\":\"http://example.com\"} | callback_url must use https",
      })
  void aMemberOfTheWrongTypeOrValueIsRefused(String body, String rule) {
    assertRefused(body, rule);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1209601", "60.0", "6e1", "\"60\"", "null", "true", "[60]"})
  void anotherTimeIsRefused(String validFor) {
    assertRefused(
        "{\"message\":\"m\",\"valid_for\":" + validFor + "}",
        "valid_for must be a whole number of seconds from 1 to 1,209,600");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud83d", "\\udd11", "a\\udd11\\ud83d", "\\ud83d\\u0041"})
  void anEscapeOfHalfACharacterIsRefusedAndNotReplaced(String half) {
    assertRefused("{\"message\":\"" + half + "\"}", "message must not contain unpaired surrogates");
    assertRefused("{\"message\":\"\ud83d\"}", "the body must be UTF-8");
    assertRefused(
        "{\"message\":\"m\",\"callback_url\":\"https://example.com/" + half + "\"}",
        "callback_url must not contain unpaired surrogates");
  }

  @Test
  void aBodyInBase64IsDecoded() {
    byte[] bytes = "{\"message\":\"grüße 🌍\"}".getBytes(StandardCharsets.UTF_8);

    assertThat(parseBase64(Base64.getEncoder().encodeToString(bytes)))
        .isEqualTo(new SignRequest("grüße 🌍", null, null));
    assertThat(parseBase64(HELLO)).isEqualTo("the body must be valid base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c0af", "eda080", "c3"})
  void bytesThatAreNotUtf8AreRefused(String hexadecimal) {
    byte[] message = HexFormat.of().parseHex(hexadecimal);
    byte[] bytes = "{\"message\":\"    \"}".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(message, 0, bytes, 12, message.length);

    assertThat(parseBase64(Base64.getEncoder().encodeToString(bytes)))
        .isEqualTo("the body must be UTF-8");
  }

  @Test
  void theLongestMessageAndUrlFitWithEveryCharacterEscaped() {
    String start = "https://example.com/";
    String body =
        "{\"message\":\"%s\",\"callback_url\":\"%s\"}"
            .formatted("\\u0061".repeat(4_096), start + "\\u0062".repeat(2_048 - start.length()));

    assertThat(parse(body)).isInstanceOf(SignRequest.class);
    assertRefused(
        "{\"message\":\"" + "\\u0061".repeat(4_097) + "\"}",
        "message must be at most 4,096 bytes of UTF-8");
  }

  @Test
  void aLongerBodyIsRefused() {
    String padding = " ".repeat(65_536 - HELLO.length());

    assertThat(parse(HELLO + padding)).isInstanceOf(SignRequest.class);
    assertRefused(HELLO + padding + " ", "the body must be at most 65,536 bytes");
  }

  @Test
  void aBodyHasAtMost100Levels() {
    String body = "{\"message\":\"m\",\"a\":%s%s}";
    assertThat(parse(body.formatted("[".repeat(99), "]".repeat(99))))
        .isInstanceOf(SignRequest.class);
    assertRefused(
        body.formatted("[".repeat(100), "]".repeat(100)),
        "the body must not have more than 100 levels, or numbers of over 1,000 digits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"message=hello", "callback_url=", "other=1&valid_for=1", "mess%61ge"})
  void aParameterInTheQueryIsRefused(String query) {
    assertThat(parse(query, new Body(JSON, "", HELLO, false)))
        .isEqualTo(
            "message, callback_url and valid_for must be in the body, not in the query"
                + " string");
    assertThat(parse("other=1&Message=m", new Body(JSON, "", HELLO, false)))
        .isInstanceOf(SignRequest.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json ; charset=\"utf-8\" ; version=1",
        "application/json;",
        " application/json ; ; "
      })
  void theTypeIsJsonInUtf8(String contentType) {
    assertThat(parse("", new Body(contentType, "", HELLO, false))).isInstanceOf(SignRequest.class);
  }

  @ParameterizedTest
  @EmptySource
  @ValueSource(
      strings = {
        "text/json",
        "text/plain",
        "application/jsonp",
        "application/vnd.api+json",
        "application/x-www-form-urlencoded",
        "application/json, application/json",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json; charset=utf-8x",
        "application/json; charset=",
        "application/json; charset",
        "application/json charset=utf-8",
        "application/json; charset=\"utf-8"
      })
  void anotherTypeIsUnsupported(String contentType) {
    assertThat(parse("", new Body(contentType, "", HELLO, false)))
        .isEqualTo("Content-Type must be application/json, in UTF-8");
  }

  @Test
  void aLongContentTypeIsReadInTimeThatGrowsWithItsLength() {
    anotherTypeIsUnsupported(JSON + " ; ".repeat(3_000) + "!!");
    anotherTypeIsUnsupported(JSON + ";a=\"" + "b".repeat(9_000));
  }

  @Test
  void aCompressedBodyIsUnsupported() {
    assertThat(parse("", new Body(JSON, "gzip", HELLO, false)))
        .isEqualTo("Content-Encoding is not supported: the body must not be compressed");
    assertThat(parse("", new Body(JSON, "Identity", HELLO, false))).isInstanceOf(SignRequest.class);
  }

  private static void assertRefused(String body, String rule) {
    assertThat(parse(body)).isEqualTo(rule);
  }

  private static Object parse(String body) {
    return parse("", new Body(JSON, "", body, false));
  }

  private static Object parseBase64(String body) {
    return parse("", new Body(JSON, "", body, true));
  }

  private static Object parse(String query, Body body) {
    return ResultOrRule.of(() -> SignRequest.parse(query, body, TestDestinations.PUBLIC));
  }
}
