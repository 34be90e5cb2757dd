package dev.signrelay.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Discards the result of a resolution that ends after its call was cancelled, so that no connection
 * is opened for it.
 */
record CancellationAwareResolver(DnsResolver resolver) implements DnsResolver {

  @Override
  public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    return unlessCancelled(host, resolver.resolve(host, port));
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    return unlessCancelled(host, resolver.resolve(host));
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return unlessCancelled(host, resolver.resolveCanonicalHostname(host));
  }

  private static <T> T unlessCancelled(String host, T resolved) throws UnknownHostException {
    if (Thread.currentThread().isInterrupted()) {
      throw new UnknownHostException(host);
    }
    return resolved;
  }
}
