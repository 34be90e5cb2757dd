package dev.signrelay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.http.CheckedDnsResolver.ForbiddenAddressException;
import dev.signrelay.testing.http.FakeDnsResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckedDnsResolverTest {

  @Test
  void allowedAddressesAreReturnedInOrderAfterOneLookup() throws Exception {
    var names = new FakeDnsResolver("192.0.2.1 2001:db8::1", "127.0.0.1");

    assertThat(checked(names).resolve("a.net", 8443))
        .containsExactly(
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 8443),
            new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 8443));
    assertThat(names.queries).containsExactly("a.net");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "192.0.2.1 127.0.0.1",
        "127.0.0.1 192.0.2.1",
        "192.0.2.1 2001:db8::1 127.0.0.1 192.0.2.2",
      })
  void oneForbiddenAddressForbidsTheName(String addresses) {
    assertThatExceptionOfType(ForbiddenAddressException.class)
        .isThrownBy(() -> checked(new FakeDnsResolver(addresses)).resolve("a.net", 443))
        .withMessage(null)
        .withNoCause();
  }

  @Test
  void aNameWithoutAddressesIsUnknown() {
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> checked(new FakeDnsResolver("")).resolve("a.net", 443))
        .isNotInstanceOf(ForbiddenAddressException.class);
  }

  private static CheckedDnsResolver checked(FakeDnsResolver names) {
    return new CheckedDnsResolver(names, address -> !address.isLoopbackAddress());
  }
}
