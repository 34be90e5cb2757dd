package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.destination.DestinationRules;
import dev.signrelay.testing.ResultOrRule;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignRequestTest {

  private static final String URL = "https://example.com/";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | message is required",
        "& | message is required",
        "other=1 | message is required",
        "callback_url=https://example.com/ | message is required",
        "message | message must not be empty",
        "message= | message must not be empty",
        "message=&callback_url=https://example.com/ | message must not be empty",
        "message=a&message=b | message must be given once",
        "message=a&mess%61ge=a | message must be given once",
        "message&message | message must be given once",
        "message=a&callback_url=https://a.b/&callback_url=https://a.b/"
            + " | callback_url must be given once",
        "message=a&valid_for=60&valid_for=60 | valid_for must be given once",
        "message=a&callback_url= | callback_url must be an absolute http or https URL",
        "message=a&callback_url | callback_url must be an absolute http or https URL",
      })
  void aQueryThatBreaksARuleIsRefused(String query, String rule) {
    assertThat(parse(query)).isEqualTo(rule);
  }

  @Test
  void aMessageOfSpacesIsAccepted() {
    assertThat(parse("message=+")).isEqualTo(new SignRequest(" ", null, null));
  }

  @ParameterizedTest
  @CsvSource({"a, 1", "é, 2", "€, 3", "🔑, 4"})
  void aMessageHasAtMost4096BytesOfUtf8(String character, int bytes) {
    String longest = "a".repeat(4_096 - bytes) + character;

    assertThat(parse("message=" + longest)).isEqualTo(new SignRequest(longest, null, null));
    assertThat(parse("message=a" + longest))
        .isEqualTo("message must be at most 4,096 bytes of UTF-8");
  }

  @Test
  void theLimitAppliesToDecodedBytes() {
    assertThat(parse("message=" + "%61".repeat(4_096)))
        .isEqualTo(new SignRequest("a".repeat(4_096), null, null));
  }

  @Test
  void aCallbackUrlIsDecodedOnceAndKeepsItsOwnQuery() {
    String query =
        "message=a&callback_url=https%3A%2F%2Fexample.com%2Fhook%3Fa%3D1%26b%3D%252F%2B%26c";
    assertThat(parse(query))
        .isEqualTo(new SignRequest("a", URI.create("https://example.com/hook?a=1&b=%2F+&c"), null));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3_600, 1_209_600})
  void aResultCanBeWantedForUpToTwoWeeks(int seconds) {
    assertThat(parse("valid_for=" + seconds + "&message=a&callback_url=" + URL))
        .isEqualTo(new SignRequest("a", URI.create(URL), Duration.ofSeconds(seconds)));
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
  void theGivenRulesForCallbackUrlsApplyToRequestsThatHaveOne() {
    assertThat(parse("message=a", null)).isInstanceOf(SignRequest.class);
    assertThat(parse("message=a&callback_url=" + URL, null))
        .isEqualTo("callback_url is not accepted: callbacks are disabled");
    assertThat(parse("message=a&callback_url=http://example.com/", TestDestinations.PRIVATE_TOO))
        .isInstanceOf(SignRequest.class);
  }

  private static Object parse(String query) {
    return parse(query, TestDestinations.PUBLIC);
  }

  private static Object parse(String query, @Nullable DestinationRules callbacks) {
    return ResultOrRule.of(() -> SignRequest.parse(query, callbacks));
  }
}
