package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.destination.DestinationRules;
import dev.signrelay.testing.ResultOrRule;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CallbackUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "https://example.com/",
        "https://example.com/a/b;c=d?e=f&g=%20%2F+h",
        "https://example.com?a",
        "https://example.com:443/",
        "https://example.com:8443/",
        "https://example.com:/",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]:8443/hook",
        "HTTPS://EXAMPLE.com/Hook",
      })
  void aValidUrlIsAcceptedUnchanged(String url) {
    assertThat(check(url)).isEqualTo(URI.create(url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // no absolute http or https URL
        "example.com | must be an absolute http or https URL",
        "/hook | must be an absolute http or https URL",
        "//example.com/hook | must be an absolute http or https URL",
        "ftp://example.com/ | must be an absolute http or https URL",
        "file:///etc/passwd | must be an absolute http or https URL",
        "mailto:a@example.com | must be an absolute http or https URL",
        "httpsx://example.com/ | must be an absolute http or https URL",
        // not encrypted
        "http://example.com/ | must use https",
        "HTTP://example.com/ | must use https",
        // credentials
        "https://user@example.com/ | must not contain a user or password",
        "https://user:password@example.com/ | must not contain a user or password",
        "https://a@b@c/ | must not contain a user or password",
        "https://:@example.com/ | must not contain a user or password",
        "https://@example.com/ | must not contain a user or password",
        // no host
        "https:example.com | must name a host",
        "https:/example.com | must name a host",
        "https:///hook | must name a host",
        "https://:443/ | must name a host",
        "https://my_host/ | must name a host in letters, digits, hyphens and dots",
        // ports
        "https://example.com:x/ | must have a port from 1 to 65535",
        "https://example.com:-1/ | must have a port from 1 to 65535",
        "https://example.com:99999999999/ | must have a port from 1 to 65535",
        "https://example.com:0/ | must have a port from 1 to 65535",
        "https://example.com:65536/ | must have a port from 1 to 65535",
        // fragments
        "https://example.com/#top | must not contain a fragment",
        "https://example.com/# | must not contain a fragment",
        // not a URL
        "https:// | must be a valid, percent-encoded URL",
        "https://example.com/a b | must be a valid, percent-encoded URL",
        "https://example.com/%zz | must be a valid, percent-encoded URL",
        "https://example.com/\\ | must be a valid, percent-encoded URL",
        "https://[::1/ | must be a valid, percent-encoded URL",
        "://example.com/ | must be a valid, percent-encoded URL",
      })
  void aUrlThatBreaksARuleIsRefusedByThatRule(String url, String rule) {
    assertThat(check(url)).isEqualTo("callback_url " + rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " https://a.example/",
        "https://a.example/ ",
        "https://a.example/\u0001",
        "h\nttps:"
      })
  void spacesAndControlCharactersAreRefused(String url) {
    assertThat(check(url)).isEqualTo("callback_url must be a valid, percent-encoded URL");
  }

  /** {@code DestinationRulesTest} tests what a local run allows. */
  @Test
  void theGivenRulesForDestinationsApply() {
    assertThat(check("HTTP://localhost:8080/", TestDestinations.PRIVATE_TOO))
        .isEqualTo(URI.create("HTTP://localhost:8080/"));
    assertThat(check("ftp://example.com/", TestDestinations.PRIVATE_TOO))
        .isEqualTo("callback_url must be an absolute http or https URL");
  }

  @Test
  void aUrlHasAtMost2048Characters() {
    String longest = "https://example.com/" + "a".repeat(2_028);

    assertThat(longest).hasSize(2_048);
    assertThat(check(longest)).isEqualTo(URI.create(longest));
    assertThat(check(longest + "a")).isEqualTo("callback_url must be at most 2,048 characters");
  }

  @Test
  void charactersOutsideAsciiArePercentEncoded() {
    assertThat(check("https://example.com/é/🔑?q=€&r=%C3%A9"))
        .isEqualTo(URI.create("https://example.com/%C3%A9/%F0%9F%94%91?q=%E2%82%AC&r=%C3%A9"));
    // They are not normalized.
    assertThat(check("https://example.com/e\u0301?q=\u212b"))
        .isEqualTo(URI.create("https://example.com/e%CC%81?q=%E2%84%AB"));
  }

  @Test
  void everyUrlIsRefusedWhileCallbacksAreDisabled() {
    String refused = "callback_url is not accepted: callbacks are disabled";

    assertThat(check("https://example.com/", null)).isEqualTo(refused);
    assertThat(check("not a URL", null)).isEqualTo(refused);
  }

  private static Object check(String url) {
    return check(url, TestDestinations.PUBLIC);
  }

  private static Object check(String url, @Nullable DestinationRules destinations) {
    return ResultOrRule.of(() -> CallbackUrl.parse(url, destinations));
  }

  /** Obfuscated forms of forbidden hosts. */
  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "hostile-urls.csv", delimiter = '|')
  void aHostileUrlIsRefusedByTheRuleItBreaks(String url, String rule) {
    assertThat(check(url)).isEqualTo("callback_url " + rule);
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
    assertThat(check(url)).isEqualTo(canonical);
    assertThat(canonical.getHost()).isNotNull();
  }
}
