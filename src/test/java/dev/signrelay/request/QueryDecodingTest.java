package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.request.SignRequest.Parsed;
import dev.signrelay.testing.TestDestinations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a raw query string says, byte by byte. */
final class QueryDecodingTest {

  private static final String NOT_UTF_8 = "the query string must be percent-encoded UTF-8";
  private static final String BAD_PERCENT =
      "every % in the query string must be followed by two hexadecimal digits";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a+b|a b",
        "a%20b|a b",
        "a%2Bb|a+b",
        "a%2bb|a+b",
        "+|' '",
        "%25|%",
        "%2525|%25",
        "%26%3D%23|&=#",
        "a=b=|a=b=",
        "%C3%A9|é",
        "%c3%a9|é",
        "%C3%a9|é",
        "e%CC%81|e\u0301",
        "é|é",
        "%F0%9F%94%91|🔑",
        "🔑|🔑",
        "%EF%BF%BF|\uffff",
        "%F4%8F%BF%BF|\udbff\udfff",
        "~-._*!'()|~-._*!'()",
      })
  void aValueIsDecodedExactlyOnce(String encoded, String message) {
    assertThat(parse("message=" + encoded)).isEqualTo(signing(message));
  }

  @Test
  void controlCharactersArePartOfAMessage() {
    assertThat(parse("message=%00%01%09%0A%0D%1F%7F%C2%80"))
        .isEqualTo(signing("\0\u0001\t\n\r\u001f\u007f\u0080"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%", "%4", "a%", "a%4", "%G0", "%0G", "%%41", "% 41", "%+1", "%-1", "%é0", "%4é", "%u0041"
      })
  void aPercentSignWithoutTwoHexadecimalDigitsIsRefused(String encoded) {
    assertThat(parse("message=" + encoded)).isEqualTo(new Parsed.Invalid(BAD_PERCENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%80", // a continuation byte on its own
        "%C3", // cut short
        "%E2%82",
        "%F0%9F%94",
        "%C3a",
        "%FF",
        "%C0%AF", // overlong
        "%C1%81",
        "%E0%80%AF",
        "%F0%80%80%AF",
        "%ED%A0%80", // a surrogate on its own
        "%ED%A0%BD%ED%B4%91", // a pair of them, as in CESU-8
        "%F4%90%80%80", // past U+10FFFF
        "%F8%88%80%80%80",
      })
  void bytesThatAreNotUtf8AreRefused(String encoded) {
    assertThat(parse("message=" + encoded)).isEqualTo(new Parsed.Invalid(NOT_UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\udd11", "a\udd11\ud83d"})
  void aSurrogateOnItsOwnIsRefusedAndNotReplaced(String unpaired) {
    assertThat(parse("message=" + unpaired)).isEqualTo(new Parsed.Invalid(NOT_UTF_8));
  }

  @Test
  void theWholeQueryStringMustBeWellFormed() {
    assertThat(parse("message=a&other=%zz")).isEqualTo(new Parsed.Invalid(BAD_PERCENT));
    assertThat(parse("message=a&%zz=other")).isEqualTo(new Parsed.Invalid(BAD_PERCENT));
    assertThat(parse("other=%ff&message=a")).isEqualTo(new Parsed.Invalid(NOT_UTF_8));
  }

  @Test
  void namesAreDecodedLikeValues() {
    assertThat(parse("%6Dessage=a")).isEqualTo(signing("a"));
    assertThat(parse("message=a&mess%61ge=b"))
        .isEqualTo(new Parsed.Invalid("message must be given once"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&message=a",
        "message=a&",
        "&&message=a&&",
        "=x&message=a",
        "other&message=a",
        "other=1&message=a&other=2",
        "Message=b&message=a",
        "message=a&message+=b",
        "message=a&callbackUrl=ftp:x",
      })
  void emptyPairsAndParametersOfOtherNamesAreIgnored(String query) {
    assertThat(parse(query)).isEqualTo(signing("a"));
  }

  @Test
  void aSemicolonSeparatesNothing() {
    assertThat(parse("message=a;message=b")).isEqualTo(signing("a;message=b"));
  }

  private static Parsed parse(String query) {
    return SignRequest.parse(query, new CallbackUrlRules(true, TestDestinations.PUBLIC));
  }

  private static Parsed signing(String message) {
    return new Parsed.Valid(new SignRequest(message, null));
  }
}
