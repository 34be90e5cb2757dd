package dev.signrelay.request;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static dev.signrelay.testing.Fuzz.PARSER_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.ResultOrRule;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Any query string and any body is a request that keeps every rule, or is refused. */
public final class SignRequestFuzzTest {

  private static final String JSON = "application/json";
  private static final String REASON =
      "(message|callback_url|valid_for|every %|the query string|the body) [ -~]+";

  @Test
  void anyQueryIsAValidRequestOrRefused() {
    Fuzz.check(PARSER_CASES, HostileText::query, SignRequestFuzzTest::checkQuery);
  }

  @Test
  void anyBodyIsAValidRequestOrRefused() {
    Fuzz.check(
        PARSER_CASES,
        in -> new Body(JSON, "", HostileText.body(in), in.oneIn(20)),
        body -> check(parse(body)));
  }

  @Test
  void anyContentTypeIsReadOrUnsupported() {
    Fuzz.check(
        FUNCTION_CASES,
        in ->
            HostileText.damaged(in, "application/json; charset=\"utf-8\"; " + HostileText.any(in)),
        SignRequestFuzzTest::checkContentType);
  }

  /** The query is a valid request or refused. */
  public static void checkQuery(String query) {
    check(parse(query));
  }

  /** The body is a valid request or refused, and the same in base64 and as text. */
  public static void checkBody(byte[] body) {
    String base64 = Base64.getEncoder().encodeToString(body);
    Object parsed = parse(new Body(JSON, "", base64, true));
    check(parsed);
    String text = new String(body, StandardCharsets.UTF_8);
    if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body)) {
      assertThat(parse(new Body(JSON, "", text, false))).isEqualTo(parsed);
    }
  }

  /** An empty object of the type is refused, for its type or its content. */
  public static void checkContentType(String type) {
    assertThat(parse(new Body(type, "", "{}", false)))
        .isIn("message is required", "Content-Type must be application/json, in UTF-8");
  }

  private static Object parse(String query) {
    return ResultOrRule.of(() -> SignRequest.parse(query, TestDestinations.PUBLIC));
  }

  private static Object parse(Body body) {
    return ResultOrRule.of(() -> SignRequest.parse("", body, TestDestinations.PUBLIC));
  }

  private static void check(Object parsed) {
    switch (parsed) {
      case SignRequest(String message, URI url, _) -> {
        keepsTheRules(message);
        if (url != null) {
          keepsTheRules(url);
        }
      }
      case Object rule -> assertThat(rule.toString()).matches(REASON);
    }
  }

  private static void keepsTheRules(String message) {
    assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 4_096);
    String again = "message=" + URLEncoder.encode(message, StandardCharsets.UTF_8);
    assertThat(parse(again)).isEqualTo(new SignRequest(message, null, null));
  }

  private static void keepsTheRules(URI url) {
    assertThat(url.toString()).matches(LogAssertions.VISIBLE).doesNotContain(" ");
    assertThat(url.getScheme()).isEqualToIgnoringCase("https");
    assertThat(url.getHost()).isNotEmpty().matches("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");
    assertThat(url.getPort()).isIn(-1, 443, 8443);
    assertThat(url.getRawUserInfo()).isNull();
    assertThat(url.getRawFragment()).isNull();
    assertThat(TestDestinations.PUBLIC.brokenRule(url)).isEmpty();
    // Percent-encoding can make it longer than the rules allow.
    if (url.toString().length() <= CallbackUrl.MAX_LENGTH) {
      assertThat(ResultOrRule.of(() -> CallbackUrl.parse(url.toString(), TestDestinations.PUBLIC)))
          .isEqualTo(url);
    }
  }
}
