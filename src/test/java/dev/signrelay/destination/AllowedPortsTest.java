package dev.signrelay.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedPortsTest {

  @ParameterizedTest
  @CsvSource({
    "443, 443, true",
    "443, 8443, false",
    "',443,', 443, true",
    "'1 65535,8443', 65535, true",
    "'1 65535,8443', 1, true",
    "'1 65535,8443', 443, false",
  })
  void onlyListedPortsAreAllowed(String ports, int port, boolean allowed) {
    assertThat(AllowedPorts.parse(ports).allow(port)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "0", "65536", "-1", "x", "443,https", "99999999999"})
  void aListWithoutPortsOrWithAMalformedOneIsRefused(String ports) {
    assertThatIllegalArgumentException().isThrownBy(() -> AllowedPorts.parse(ports));
  }

  @Test
  void theDescriptionListsEachPortOnce() {
    assertThat(AllowedPorts.parse("443 8443,443").describe()).isEqualTo("443 or 8443");
    assertThat(new AllowedPorts(List.of(443)).describe()).isEqualTo("443");
  }
}
