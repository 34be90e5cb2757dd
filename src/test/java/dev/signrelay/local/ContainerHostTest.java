package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The name of this machine in containers. */
final class ContainerHostTest {

  private static final InetAddress OTHER = InetAddress.ofLiteral("203.0.113.7");

  private final ContainerHost resolver = new ContainerHost(new OnlyOther());

  @ParameterizedTest
  @ValueSource(strings = {"host.docker.internal", "HOST.docker.internal"})
  void theNameIsThisMachine(String name) throws UnknownHostException {
    assertThat(resolver.resolve(name)).containsExactly(InetAddress.getLoopbackAddress());
    assertThat(resolver.resolve(name, 3200))
        .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 3200));
    assertThat(resolver.resolveCanonicalHostname(name)).isEqualTo(name);
  }

  @Test
  void everyOtherNameIsResolvedAsBefore() throws UnknownHostException {
    assertThat(resolver.resolve("other.example")).containsExactly(OTHER);
    assertThat(resolver.resolve("other.example", 80))
        .containsExactly(new InetSocketAddress(OTHER, 80));
    assertThat(resolver.resolveCanonicalHostname("other.example")).isEqualTo("canonical.example");
    assertThatThrownBy(() -> resolver.resolve("evil.host.docker.internal"))
        .isInstanceOf(UnknownHostException.class);
  }

  private static final class OnlyOther implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      if (!host.equals("other.example")) {
        throw new UnknownHostException(host);
      }
      return new InetAddress[] {OTHER};
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return "canonical.example";
    }
  }
}
