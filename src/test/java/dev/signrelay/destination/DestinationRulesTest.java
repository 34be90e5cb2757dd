package dev.signrelay.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DestinationRulesTest {

  private static final String HOST = "must name a host that is allowed here";
  private static final String PORT = "must use port 443 or 8443";
  private static final String LOCAL = "must not name a private or local address";

  @ParameterizedTest
  @CsvSource({
    "'', https://a.net,",
    "'', https://a.net:443/,",
    "'', https://a.net:/,",
    "'', https://a.net:8443/,",
    "'', https://8.8.8.8/,",
    "'', https://a.net:8444/," + PORT,
    "'', https://a.net:0/," + DestinationRules.PORT_RULE,
    "'', http://a.net:443/, must use https",
    "'', https://127.0.0.1/," + LOCAL,
    "'', https://localhost/," + LOCAL,
    "'a.net 127.0.0.1 localhost', https://a.net/,",
    "'a.net 127.0.0.1 localhost', https://b.net/," + HOST,
    "'a.net 127.0.0.1 localhost', https://a.net:8444/," + PORT,
    "'a.net 127.0.0.1 localhost', https://127.0.0.1/," + LOCAL,
    "'a.net 127.0.0.1 localhost', https://localhost/," + LOCAL,
    "*.a.net, https://callback.a.net:8443/,",
  })
  void aPublicUrlWithAnAllowedHostAndPortBreaksNoRule(
      String hosts, URI url, @Nullable String rule) {
    var rules = new DestinationRules(false, DestinationRules.parseHosts(hosts), List.of(443, 8443));

    assertThat(rules.brokenRule(url)).isEqualTo(Optional.ofNullable(rule));
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, true",
    "Example.COM, eXample.com, true",
    "example.com, a.example.com, false",
    "example.com, example.com.evil.net, false",
    "example.com, badexample.com, false",
    "*.example.com, a.example.com, true",
    "*.example.com, a.b.EXAMPLE.com, true",
    "*.example.com, example.com, false",
    "*.example.com, .example.com, false",
    "*.example.com, badexample.com, false",
    "*.example.com, a.example.com.evil.net, false",
    "'one.net, *.two.net  three.net', one.net, true",
    "'one.net, *.two.net  three.net', a.two.net, true",
    "'one.net, *.two.net  three.net', three.net, true",
    "'one.net, *.two.net  three.net', two.net, false",
    "' ', anything.net, true",
  })
  void aHostIsAllowedIfAPatternMatchesOrThereIsNone(String patterns, String host, boolean allowed) {
    var rules = new DestinationRules(false, DestinationRules.parseHosts(patterns), List.of(443));

    assertThat(rules.allowsHost(host)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "*.", "a.*.b", "*a.b", "a_b.c", "a..b", ".a", "a.", "a:443", "ä.b", "-a.b"})
  void aMalformedPatternIsRefused(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DestinationRules.parseHosts("a.b, " + pattern));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", " , "})
  void separatorsWithoutAPatternAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DestinationRules.parseHosts(text));
  }

  @ParameterizedTest
  @CsvSource({
    "8443, https://a.net/, must use port 8443",
    "',443,', https://a.net/,",
    "'443 8443,443', https://a.net:1/, must use port 443 or 8443",
    "'1 65535,8443', https://a.net:1/,",
    "'1 65535,8443', https://a.net:65535/,",
  })
  void onlyAListedPortIsAllowedAlsoIfHttpsImpliesIt(String ports, URI url, @Nullable String rule) {
    var rules = new DestinationRules(false, List.of(), DestinationRules.parsePorts(ports));

    assertThat(rules.brokenRule(url)).isEqualTo(Optional.ofNullable(rule));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "0", "65536", "-1", "x", "443,https", "99999999999"})
  void aListWithoutPortsOrWithAMalformedOneIsRefused(String ports) {
    assertThatIllegalArgumentException().isThrownBy(() -> DestinationRules.parsePorts(ports));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:3200/inbox",
        "http://127.0.0.1/",
        "http://[::1]:1/",
        "http://host.docker.internal:3200/",
        "https://receiver:9/",
        "http://example.com/",
      })
  void aLocalRunAllowsPrivateAddressesHttpAndAnyPort(URI url) {
    assertThat(TestDestinations.PRIVATE_TOO.brokenRule(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"http://a.net:1/,", "http://localhost/," + HOST})
  void allowedHostsRestrictALocalRunToo(URI url, @Nullable String rule) {
    var rules = new DestinationRules(true, List.of("a.net"), List.of(443));

    assertThat(rules.brokenRule(url)).isEqualTo(Optional.ofNullable(rule));
  }

  /** A job of another release may name a host that no request can name. */
  @ParameterizedTest
  @ValueSource(strings = {"https://localhost./", "https://0177.0.0.1/", "https://2130706433/"})
  void aHostThatNoRequestCanNameIsCheckedToo(URI url) {
    assertThat(TestDestinations.PUBLIC.brokenRule(url)).contains(LOCAL);
  }

  /** The HTTP client would refuse the URL as well, but as a failure that can be retried. */
  @ParameterizedTest
  @ValueSource(strings = {"https://user:password@a.net/", "https://user@a.net/", "https://@a.net/"})
  void aUserIsRefusedInALocalRunToo(URI url) {
    assertThat(TestDestinations.PUBLIC.brokenRule(url)).contains(DestinationRules.NO_USER);
    assertThat(TestDestinations.PRIVATE_TOO.brokenRule(url)).contains(DestinationRules.NO_USER);
  }
}
