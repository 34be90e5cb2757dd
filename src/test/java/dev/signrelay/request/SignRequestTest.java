package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.ResultOrRule;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignRequestTest {

  private static final String TOO_LONG = "message must be at most 4,096 bytes of UTF-8";

  @ParameterizedTest
  @EmptySource
  @ValueSource(strings = {"&", "other=1", "callback_url=https://example.com/"})
  void aMessageIsRequired(String query) {
    assertThat(parse(query)).isEqualTo("message is required");
  }

  @ParameterizedTest
  @ValueSource(strings = {"message", "message=", "message=&callback_url=https://example.com/"})
  void anEmptyMessageIsRefused(String query) {
    assertThat(parse(query)).isEqualTo("message must not be empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"message=a&message=b", "message=a&mess%61ge=a", "message&message"})
  void aMessageGivenTwiceIsRefused(String query) {
    assertThat(parse(query)).isEqualTo("message must be given once");
  }

  @ParameterizedTest
  @CsvSource({
    "message=a&other=%zz, every % in the query string must be followed by two hexadecimal digits",
    "message=%FF, the query string must be percent-encoded UTF-8",
  })
  void aMalformedQueryStringIsRefused(String query, String rule) {
    assertThat(parse(query)).isEqualTo(rule);
  }

  @Test
  void aMessageOfSpacesIsAccepted() {
    assertThat(parse("message=+")).isEqualTo(new SignRequest(" ", null, null));
  }

  @Test
  void aMessageHasAtMost4096Bytes() {
    assertAccepted("a".repeat(4_096));
    assertThat(parse("message=" + "a".repeat(4_097))).isEqualTo(TOO_LONG);
  }

  @ParameterizedTest
  @CsvSource({"é, 2", "€, 3", "🔑, 4"})
  void theLimitAppliesToBytesOfUtf8(String character, int bytes) {
    String longest = "a".repeat(4_096 - bytes) + character;

    assertAccepted(longest);
    assertAccepted(character.repeat(4_096 / bytes));
    assertThat(parse("message=a" + longest)).isEqualTo(TOO_LONG);
  }

  @Test
  void theLimitAppliesToDecodedBytes() {
    String longest = "a".repeat(4_096);
    assertThat(parse("message=" + "%61".repeat(4_096)))
        .isEqualTo(new SignRequest(longest, null, null));
    assertThat(parse("message=" + "%61".repeat(4_097))).isEqualTo(TOO_LONG);
  }

  @Test
  void aCallbackUrlIsDecodedOnceAndKeepsItsOwnQuery() {
    String query =
        "message=a&callback_url=https%3A%2F%2Fexample.com%2Fhook%3Fa%3D1%26b%3D%252F%2B%26c";
    assertThat(parse(query))
        .isEqualTo(new SignRequest("a", URI.create("https://example.com/hook?a=1&b=%2F+&c"), null));
  }

  @Test
  void theOrderOfTheParametersDoesNotMatter() {
    assertThat(parse("callback_url=https://example.com/&message=a"))
        .isEqualTo(new SignRequest("a", URI.create("https://example.com/"), null));
  }

  @Test
  void aCallbackUrlGivenTwiceIsRefused() {
    String url = "&callback_url=https://example.com/";
    assertThat(parse("message=a" + url + url)).isEqualTo("callback_url must be given once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"message=a&callback_url=", "message=a&callback_url"})
  void anEmptyCallbackUrlIsRefused(String query) {
    assertThat(parse(query)).isEqualTo("callback_url must be an absolute http or https URL");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3_600, 1_209_600})
  void aResultCanBeWantedForUpToTwoWeeks(int seconds) {
    assertThat(parse("message=a&valid_for=" + seconds))
        .isEqualTo(new SignRequest("a", null, Duration.ofSeconds(seconds)));
    assertThat(parse("valid_for=" + seconds + "&message=a&callback_url=https://example.com/"))
        .isEqualTo(
            new SignRequest("a", URI.create("https://example.com/"), Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @EmptySource
  @ValueSource(
      strings = {
        "0",
        "1209601",
        "9999999",
        "12096000",
        "-1",
        "%2B1",
        "+1",
        "1+",
        "1.0",
        "1e3",
        "0x1",
        "1s",
        "\u0661",
        "99999999999999999999"
      })
  void aTimeOutsideItsBoundsIsRefused(String seconds) {
    assertThat(parse("message=a&valid_for=" + seconds))
        .isEqualTo("valid_for must be a whole number of seconds from 1 to 1,209,600");
  }

  @Test
  void aTimeGivenTwiceIsRefused() {
    assertThat(parse("message=a&valid_for=60&valid_for=60"))
        .isEqualTo("valid_for must be given once");
  }

  @Test
  void theGivenRulesForCallbackUrlsApply() {
    String query = "message=a&callback_url=http://example.com/";

    assertThat(parse(query, new CallbackUrlRules(true, TestDestinations.PRIVATE_TOO)))
        .isInstanceOf(SignRequest.class);
    assertThat(parse(query, new CallbackUrlRules(true, TestDestinations.PUBLIC)))
        .isEqualTo("callback_url must use https");
  }

  @Test
  void onlyRequestsWithACallbackUrlAreRefusedWhileCallbacksAreDisabled() {
    var off = new CallbackUrlRules(false, TestDestinations.PUBLIC);

    assertThat(parse("message=a", off)).isInstanceOf(SignRequest.class);
    assertThat(parse("message=a&callback_url=https://example.com/", off))
        .isEqualTo("callback_url is not accepted: callbacks are disabled");
  }

  private static void assertAccepted(String message) {
    assertThat(parse("message=" + message)).isEqualTo(new SignRequest(message, null, null));
  }

  private static Object parse(String query) {
    return parse(query, new CallbackUrlRules(true, TestDestinations.PUBLIC));
  }

  private static Object parse(String query, CallbackUrlRules rules) {
    return ResultOrRule.of(() -> SignRequest.parse(query, rules));
  }
}
