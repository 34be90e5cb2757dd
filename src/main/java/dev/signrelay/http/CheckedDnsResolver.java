package dev.signrelay.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves to allowed addresses only. The client connects to the addresses of this one answer and
 * asks for no other, so that what was checked is what is connected to, however the name resolves a
 * moment later. It asks for addresses in a URL, too.
 *
 * <p>A name with one forbidden address among its addresses is forbidden as a whole: which of them
 * is connected to would be chance.
 */
public record CheckedDnsResolver(DnsResolver names, Predicate<InetAddress> allowed)
    implements DnsResolver {

  /** Tells neither name nor address. */
  static final class ForbiddenAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = names.resolve(host);
    if (addresses == null || addresses.length == 0) {
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
