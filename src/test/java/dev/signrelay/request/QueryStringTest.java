package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QueryStringTest {

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
        "a;message=b|a;message=b", // a semicolon is no separator
      })
  void aValueIsDecodedExactlyOnce(String encoded, String value) throws BrokenRuleException {
    assertThat(QueryString.parse("message=" + encoded))
        .containsExactly(entry("message", List.of(value)));
  }

  @Test
  void controlCharactersAreKept() throws BrokenRuleException {
    assertThat(QueryString.parse("message=%00%01%09%0A%0D%1F%7F%C2%80").get("message"))
        .containsExactly("\0\u0001\t\n\r\u001f\u007f\u0080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%", "%4", "a%", "a%4", "%G0", "%0G", "%%41", "% 41", "%+1", "%-1", "%é0", "%4é", "%u0041"
      })
  void aPercentSignWithoutTwoHexadecimalDigitsIsMalformed(String encoded) {
    assertMalformed("message=" + encoded, BAD_PERCENT);
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
        "%ED%A0%80", // an unpaired surrogate
        "%ED%A0%BD%ED%B4%91", // a surrogate pair, as in CESU-8
        "%F4%90%80%80", // beyond U+10FFFF
        "%F8%88%80%80%80",
      })
  void bytesThatAreNotUtf8AreMalformed(String encoded) {
    assertMalformed("message=" + encoded, NOT_UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\udd11", "a\udd11\ud83d"})
  void anUnpairedSurrogateIsMalformedAndNotReplaced(String unpaired) {
    assertMalformed("message=" + unpaired, NOT_UTF_8);
  }

  @Test
  void theWholeQueryStringMustBeWellFormed() {
    assertMalformed("message=a&other=%zz", BAD_PERCENT);
    assertMalformed("message=a&%zz=other", BAD_PERCENT);
    assertMalformed("other=%ff&message=a", NOT_UTF_8);
  }

  @Test
  void namesAreDecodedLikeValues() throws BrokenRuleException {
    assertThat(QueryString.parse("%6Dessage=a&mess%61ge=b").get("message"))
        .containsExactly("a", "b");
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
  void emptyPairsAndOtherParametersAreIgnored(String query) throws BrokenRuleException {
    assertThat(QueryString.parse(query).get("message")).containsExactly("a");
  }

  @Test
  void aNameOrAValueMayBeEmpty() throws BrokenRuleException {
    assertThat(QueryString.parse("=x&a&b="))
        .containsOnly(entry("", List.of("x")), entry("a", List.of("")), entry("b", List.of("")));
  }

  private static void assertMalformed(String query, String rule) {
    assertThatExceptionOfType(BrokenRuleException.class)
        .isThrownBy(() -> QueryString.parse(query))
        .withMessage(rule);
  }
}
