package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.ResultOrRule;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Obfuscated forms of forbidden hosts. */
final class CallbackUrlRulesHostileTest {

  private static final CallbackUrlRules RULES = new CallbackUrlRules(true, TestDestinations.PUBLIC);

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "hostile-urls.csv", delimiter = '|')
  void aHostileUrlIsRefusedByTheRuleItBreaks(String url, String rule) {
    assertThat(ResultOrRule.of(() -> RULES.check(url))).isEqualTo("callback_url " + rule);
  }

  @ParameterizedTest
  @CsvSource({
    "https://8.8.8.8/, https://8.8.8.8/",
    "https://8.8.8.8./, https://8.8.8.8/",
    "https://８.８。8.8:8443/, https://8.8.8.8:8443/",
    "https://[2606:4700:4700::1111]:8443/, https://[2606:4700:4700::1111]:8443/",
    "https://example.com./a, https://example.com/a",
    "https://example.com.:443?a, https://example.com:443?a",
    "https://exämple.com/ä, https://xn--exmple-cua.com/%C3%A4",
    "https://EXÄMPLE。com:/, https://xn--exmple-cua.com:/",
    "https://xn--exmple-cua.com/, https://xn--exmple-cua.com/",
    "https://xn--fa-hia.de/, https://xn--fa-hia.de/",
    "https://例え.jp/, https://xn--r8jz45g.jp/",
    "https://127.0.0.1.example.com/, https://127.0.0.1.example.com/",
    "https://localhost.example.com/, https://localhost.example.com/",
    "https://notlocalhost.com/, https://notlocalhost.com/",
    "https://my-internal.com/, https://my-internal.com/",
    "https://1password.com/, https://1password.com/",
    "https://a.b/?u=https://user@localhost:22, https://a.b/?u=https://user@localhost:22",
    "https://a.b//127.0.0.1/, https://a.b//127.0.0.1/",
  })
  void aHostIsConvertedToItsCanonicalForm(String url, URI canonical) {
    assertThat(ResultOrRule.of(() -> RULES.check(url))).isEqualTo(canonical);
    assertThat(canonical.getHost()).isNotNull();
  }
}
