package dev.signrelay.http;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * How HTTP clients find and trust servers.
 *
 * @param names resolves host names and literal addresses
 * @param tls decides which certificates are trusted
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

  /** The same network with other trusted certificates. */
  public Network withTls(SSLContext other) {
    return new Network(names, other);
  }
}
