package dev.signrelay.callback;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where callbacks may go, as far as a URL tells. Asked when a request names the URL and again
 * before each delivery, for the settings may have changed. What a name resolves to is checked when
 * the delivery connects.
 *
 * @param privateToo true, for local runs: also private and local addresses, {@code http} and any
 *     port
 */
public record CallbackTargets(boolean privateToo, AllowedHosts hosts, AllowedPorts ports) {

  /**
   * Reserved for names that mean something else in each network: RFC 6761, RFC 6762, RFC 8375, and
   * <a
   * href="https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en">ICANN's
   * resolution</a> for {@code internal}; {@code localdomain} by custom.
   */
  private static final List<String> LOCAL_DOMAINS =
      List.of("localhost", "local", "internal", "home.arpa", "localdomain");

  /**
   * The rule that a URL breaks, worded to follow the name of its field; empty: none.
   *
   * @param url absolute, with a host
   */
  public Optional<String> brokenRule(URI url) {
    if (url.getRawUserInfo() != null) {
      return Optional.of("must not contain a user or password");
    }
    boolean https = "https".equalsIgnoreCase(url.getScheme());
    if (!https && !privateToo) {
      return Optional.of("must use https");
    }
    if (!hosts.allow(url.getHost())) {
      return Optional.of("must name a host that is allowed here");
    }
    if (privateToo) {
      return Optional.empty();
    }
    if (!ports.allow(url.getPort() == -1 ? 443 : url.getPort())) {
      return Optional.of("must use port " + ports.told());
    }
    return isLocal(url.getHost().toLowerCase(Locale.ROOT))
        ? Optional.of("must not name a private or local address")
        : Optional.empty();
  }

  private static boolean isLocal(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    int dot = name.lastIndexOf('.');
    if (name.startsWith("[") || Character.isDigit(name.charAt(dot + 1))) {
      return !isPublicLiteral(name);
    }
    // A name without a dot is completed with a domain of the network it is looked up in.
    return dot < 0 || LOCAL_DOMAINS.stream().anyMatch(domain -> name.endsWith("." + domain));
  }

  /** Resolves nothing: what is no literal is not public. */
  private static boolean isPublicLiteral(String text) {
    try {
      return PublicAddresses.contains(
          text.startsWith("[")
              ? InetAddress.ofLiteral(text.substring(1, text.length() - 1))
              : Inet4Address.ofPosixLiteral(text));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
