package dev.signrelay.request;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static dev.signrelay.testing.Fuzz.PARSER_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.request.CallbackUrlRules.Checked;
import dev.signrelay.request.SignRequest.Parsed;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Any query string and any body is a request that keeps every rule, or is refused. */
public final class SignRequestFuzzTest {

  private static final CallbackUrlRules RULES = new CallbackUrlRules(true, TestDestinations.PUBLIC);
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
        body -> check(SignRequest.parse("", body, RULES)));
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
    check(SignRequest.parse(query, RULES));
  }

  /** The body is a valid request or refused, and the same in base64 and as text. */
  public static void checkBody(byte[] body) {
    String base64 = Base64.getEncoder().encodeToString(body);
    Parsed parsed = SignRequest.parse("", new Body(JSON, "", base64, true), RULES);
    check(parsed);
    String text = new String(body, StandardCharsets.UTF_8);
    if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body)) {
      assertThat(SignRequest.parse("", new Body(JSON, "", text, false), RULES)).isEqualTo(parsed);
    }
  }

  /** An empty object of the type is refused, for its type or its content. */
  public static void checkContentType(String type) {
    assertThat(SignRequest.parse("", new Body(type, "", "{}", false), RULES))
        .isInstanceOfAny(Parsed.Invalid.class, Parsed.Unsupported.class);
  }

  private static void check(Parsed parsed) {
    switch (parsed) {
      case Parsed.Unsupported(String error) -> throw new AssertionError(error);
      case Parsed.Invalid(String error) -> assertThat(error).matches(REASON);
      case Parsed.Valid(SignRequest(String message, URI url, _)) -> {
        keepsTheRules(message);
        if (url != null) {
          keepsTheRules(url);
        }
      }
    }
  }

  private static void keepsTheRules(String message) {
    assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 4_096);
    String again = "message=" + URLEncoder.encode(message, StandardCharsets.UTF_8);
    assertThat(SignRequest.parse(again, RULES))
        .isEqualTo(new Parsed.Valid(new SignRequest(message, null, null)));
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
    if (url.toString().length() <= CallbackUrlRules.MAX_LENGTH) {
      assertThat(RULES.check(url.toString())).isEqualTo(new Checked.Accepted(url));
    }
  }
}
