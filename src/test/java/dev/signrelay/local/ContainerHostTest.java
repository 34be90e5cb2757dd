package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.testing.http.FakeDnsResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The name of this machine in containers. */
final class ContainerHostTest {

  private static final InetAddress OTHER = InetAddress.ofLiteral("203.0.113.7");

  private final ContainerHost resolver = new ContainerHost(new FakeDnsResolver("203.0.113.7"));

  @ParameterizedTest
  @ValueSource(strings = {"host.docker.internal", "HOST.docker.internal"})
  void theNameIsThisMachine(String name) throws UnknownHostException {
    assertThat(resolver.resolve(name)).containsExactly(InetAddress.getLoopbackAddress());
    assertThat(resolver.resolve(name, 3200))
        .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 3200));
    assertThat(resolver.resolveCanonicalHostname(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.example", "evil.host.docker.internal"})
  void everyOtherNameIsResolvedAsBefore(String name) throws UnknownHostException {
    assertThat(resolver.resolve(name)).containsExactly(OTHER);
    assertThat(resolver.resolve(name, 80)).containsExactly(new InetSocketAddress(OTHER, 80));
    assertThatThrownBy(() -> resolver.resolveCanonicalHostname(name))
        .isInstanceOf(UnknownHostException.class);
  }
}
