package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AddressesIT {

  @Test
  void allTakenPortsAreNamedWithTheirOptions() throws IOException {
    try (ServerSocket one = listener();
        ServerSocket two = listener()) {
      var ports =
          new TreeMap<>(
              Map.of("--a", one.getLocalPort(), "--b", 0, "--c", two.getLocalPort(), "--d", 0));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> Addresses.check("127.0.0.1", ports))
          .withMessageContaining(
              "port %d (--a), %d (--c).".formatted(one.getLocalPort(), two.getLocalPort()));
    }
  }

  @Test
  void thePortsMustDiffer() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Addresses.check("127.0.0.1", new TreeMap<>(Map.of("--a", 4_000, "--b", 4_000))))
        .withMessage("--a and --b must be different ports, but are both 4000");
  }

  @Test
  void anAddressOfAnotherMachineIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Addresses.check("192.0.2.1", Map.of()))
        .withMessageStartingWith("--bind requires an address of this machine");
  }

  private static ServerSocket listener() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
  }
}
