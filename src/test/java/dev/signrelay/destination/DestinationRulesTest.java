package dev.signrelay.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DestinationRulesTest {

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
    "*.example.com, badexample.com, false",
    "*.example.com, a.example.com.evil.net, false",
    "'one.net, *.two.net  three.net', one.net, true",
    "'one.net, *.two.net  three.net', a.two.net, true",
    "'one.net, *.two.net  three.net', three.net, true",
    "'one.net, *.two.net  three.net', two.net, false",
    "' , ', anything.net, true",
    "127.0.0.1, 127.0.0.1, false",
    "8.8.8.8, 8.8.8.8, true",
    "localhost, localhost, false",
  })
  void allowedHostsNarrowWhatIsPublic(String allowed, String host, boolean taken) {
    var targets =
        new DestinationRules(false, AllowedHosts.parse(allowed), AllowedPorts.parse("443"));
    URI url = URI.create("https://" + host + "/");

    assertThat(targets.brokenRule(url).isEmpty()).isEqualTo(taken);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "*.", "a.*.b", "*a.b", "a_b.c", "a..b", ".a", "a.", "a:443", "ä.b", "-a.b"})
  void whatIsNoHostCannotBeAllowed(String hosts) {
    assertThatIllegalArgumentException().isThrownBy(() -> AllowedHosts.parse("a.b, " + hosts));
  }

  @ParameterizedTest
  @CsvSource({
    "443, https://a.net, true",
    "443, https://a.net:443/, true",
    "443, https://a.net:/, true",
    "443, https://a.net:8443/, false",
    "',443,', https://a.net/, true",
    "8443, https://a.net/, false",
    "'1 65535,8443', https://a.net:65535/, true",
    "'1 65535,8443', https://a.net:1/, true",
    "'1 65535,8443', https://a.net:443/, false",
  })
  void allowedPortsIncludeTheOneThatHttpsImplies(String ports, URI url, boolean taken) {
    var targets = new DestinationRules(false, AllowedHosts.parse(""), AllowedPorts.parse(ports));

    assertThat(targets.brokenRule(url).isEmpty()).isEqualTo(taken);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "0", "65536", "-1", "x", "443,https", "99999999999"})
  void whatIsNoPortCannotBeAllowed(String ports) {
    assertThatIllegalArgumentException().isThrownBy(() -> AllowedPorts.parse(ports));
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
  void aLocalRunReachesPrivateAddressesThroughHttpAndAnyPort(URI url) {
    assertThat(TestDestinations.PRIVATE_TOO.brokenRule(url)).isEmpty();
  }

  @Test
  void allowedHostsNarrowALocalRunToo() {
    var targets =
        new DestinationRules(true, AllowedHosts.parse("a.net"), TestDestinations.PUBLIC.ports());

    assertThat(targets.brokenRule(URI.create("http://a.net:1/"))).isEmpty();
    assertThat(targets.brokenRule(URI.create("http://localhost/")))
        .contains("must name a host that is allowed here");
  }

  /** In a job of another release, which may have taken other URLs. */
  @ParameterizedTest
  @ValueSource(strings = {"https://localhost./", "https://0177.0.0.1/", "https://2130706433/"})
  void aHostThatNoRequestCanNameIsStillJudged(URI url) {
    assertThat(TestDestinations.PUBLIC.brokenRule(url))
        .contains("must not name a private or local address");
  }

  /** Nor is it left to the HTTP client, which would take each try for one that failed. */
  @ParameterizedTest
  @ValueSource(strings = {"https://user:password@a.net/", "https://user@a.net/", "https://@a.net/"})
  void aUserIsRefusedInALocalRunToo(URI url) {
    assertThat(TestDestinations.PUBLIC.brokenRule(url))
        .contains("must not contain a user or password");
    assertThat(TestDestinations.PRIVATE_TOO.brokenRule(url))
        .contains("must not contain a user or password");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 443, https://callback.invalid:443/",
    "*.a.net, 8443, https://callback.a.net:8443/",
    "b.net, 1, https://b.net:1/"
  })
  void anAllowedPortOfAnAllowedHostBreaksNoRule(String hosts, String ports, URI url) {
    var targets = new DestinationRules(false, AllowedHosts.parse(hosts), AllowedPorts.parse(ports));

    assertThat(targets.brokenRule(url)).isEmpty();
  }
}
