package dev.signrelay.http;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * What the HTTP clients find and trust servers by.
 *
 * @param names resolves hosts, the addresses among them too
 * @param tls which certificates are taken
 */
public record Network(DnsResolver names, SSLContext tls) {

  /** The system's resolver and trust store. */
  public static Network ofSystem() {
    return new Network(SystemDefaultDnsResolver.INSTANCE, systemTls());
  }

  private static SSLContext systemTls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the system's trust store cannot be read", e);
    }
  }

  /** The same with another resolver. */
  public Network withNames(DnsResolver others) {
    return new Network(others, tls);
  }

  /** The same with another trust. */
  public Network withTls(SSLContext other) {
    return new Network(names, other);
  }
}
