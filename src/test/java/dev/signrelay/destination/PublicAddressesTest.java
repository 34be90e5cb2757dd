package dev.signrelay.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

final class PublicAddressesTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvFileSource(resources = "hostile-addresses.csv", delimiter = '|')
  void anAddressOfASpecialBlockIsNotPublic(String address, String kind) {
    assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).as(kind).isFalse();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvFileSource(resources = "public-addresses.csv", delimiter = '|')
  void anAddressNextToASpecialBlockIsPublic(String address, String kind) {
    assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).as(kind).isTrue();
  }

  /** Java makes IPv4 of mapped addresses, but not of those with a scope. */
  @ParameterizedTest
  @CsvSource({"127.0.0.1, false", "169.254.169.254, false", "8.8.8.8, true"})
  void aMappedAddressThatStayedIpv6IsAsPublicAsWhatItCarries(String carried, boolean isPublic)
      throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(InetAddress.ofLiteral(carried).getAddress(), 0, mapped, 12, 4);
    InetAddress address = Inet6Address.getByAddress(null, mapped, 1);

    assertThat(address).isInstanceOf(Inet6Address.class);
    assertThat(PublicAddresses.contains(address)).isEqualTo(isPublic);
  }

  @Test
  void aScopeMakesNoAddressPublic() throws UnknownHostException {
    byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();

    assertThat(PublicAddresses.contains(Inet6Address.getByAddress(null, linkLocal, 1))).isFalse();
  }
}
