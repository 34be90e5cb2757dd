package dev.signrelay.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names to allowed addresses only. The client connects to the addresses of this one answer
 * and resolves no further, so the address that is checked is the one connected to, even if the name
 * resolves differently a moment later. Literal addresses in a URL are checked as well.
 *
 * <p>A name with one forbidden address is forbidden as a whole. A name that resolves after its call
 * was cancelled counts as unknown, so that no connection is opened for it.
 */
record CheckedDnsResolver(DnsResolver names, Predicate<InetAddress> allowed)
    implements DnsResolver {

  /** Its message contains neither name nor address. */
  static final class ForbiddenAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = names.resolve(host);
    boolean isCancelled = Thread.currentThread().isInterrupted();
    if (isCancelled || addresses == null || addresses.length == 0) {
      throw new UnknownHostException(host);
    }
    if (!Stream.of(addresses).allMatch(allowed)) {
      throw new ForbiddenAddressException();
    }
    return addresses;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
