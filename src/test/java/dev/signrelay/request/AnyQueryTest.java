package dev.signrelay.request;

import static dev.signrelay.testing.HostileText.PARSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.request.CallbackUrlRules.Checked;
import dev.signrelay.request.SignRequest.Parsed;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a query says is a request that keeps every rule, or said to be none. */
final class AnyQueryTest {

  private static final CallbackUrlRules RULES = new CallbackUrlRules(true, TestDestinations.PUBLIC);
  private static final String RULE = "(message|callback_url|every %|the query string) [ -~]+";

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyQueryIsAGoodRequestOrNone(@ForAll("queries") List<String> queries) {
    for (String query : queries) {
      switch (SignRequest.parse(query, RULES)) {
        case Parsed.Invalid(String error) -> assertThat(error).matches(RULE);
        case Parsed.Valid(SignRequest(String message, URI url)) -> {
          keepsTheRules(message);
          if (url != null) {
            keepsTheRules(url);
          }
        }
      }
    }
  }

  private static void keepsTheRules(String message) {
    assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 4_096);
    String again = "message=" + URLEncoder.encode(message, StandardCharsets.UTF_8);
    assertThat(SignRequest.parse(again, RULES))
        .isEqualTo(new Parsed.Valid(new SignRequest(message, null)));
  }

  private static void keepsTheRules(URI url) {
    assertThat(url.toString()).matches(LogAssertions.VISIBLE).doesNotContain(" ");
    assertThat(url.getScheme()).isEqualToIgnoringCase("https");
    assertThat(url.getHost()).isNotEmpty().matches("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");
    assertThat(url.getPort()).isIn(-1, 443, 8443);
    assertThat(url.getRawUserInfo()).isNull();
    assertThat(url.getRawFragment()).isNull();
    assertThat(TestDestinations.PUBLIC.brokenRule(url)).isEmpty();
    // Percent-encoding has made it longer.
    if (url.toString().length() <= CallbackUrlRules.MAX_LENGTH) {
      assertThat(RULES.check(url.toString())).isEqualTo(new Checked.Accepted(url));
    }
  }

  @Provide
  Arbitrary<List<String>> queries() {
    return HostileText.queries().list().ofSize(PARSED);
  }
}
