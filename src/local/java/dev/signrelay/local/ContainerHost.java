package dev.signrelay.local;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves {@code host.docker.internal}, the name by which containers reach this machine, to the
 * loopback address. On Linux this machine does not know the name. A function in a container queues
 * callbacks to it, and the local run on this machine delivers them.
 *
 * @param others resolves all other names
 */
record ContainerHost(DnsResolver others) implements DnsResolver {

  private static final String NAME = "host.docker.internal";

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    return isThisMachine(host)
        ? new InetAddress[] {InetAddress.getLoopbackAddress()}
        : others.resolve(host);
  }

  @Override
  public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    return isThisMachine(host)
        ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        : others.resolve(host, port);
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return isThisMachine(host) ? host : others.resolveCanonicalHostname(host);
  }

  private static boolean isThisMachine(String host) {
    return NAME.equalsIgnoreCase(host);
  }
}
