package dev.signrelay.destination;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which URLs callbacks may be sent to. Checked when a request names the URL and again before each
 * delivery, because the settings may have changed. The addresses that a host name resolves to are
 * checked when the delivery connects.
 *
 * @param allowPrivate for local runs: also allows private and local addresses, {@code http} and any
 *     port
 * @param hosts in lower case: a host, or {@code *.domain} for every host below a domain, without
 *     the domain itself; empty: any host
 * @param ports at least one, each from 1 to 65535
 */
public record DestinationRules(boolean allowPrivate, List<String> hosts, List<Integer> ports) {

  /** The rule on user information, worded to follow the name of a field. */
  public static final String NO_USER = "must not contain a user or password";

  /** The rule on a port, worded to follow the name of a field. */
  public static final String PORT_RULE = "must have a port from 1 to 65535";

  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final int DEFAULT_PORT = 443;
  private static final int MAX_PORT = 65_535;

  /**
   * Domains whose names have another meaning in each network: RFC 6761, RFC 6762, RFC 8375, and <a
   * href="https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en">ICANN's
   * resolution</a> for {@code internal}; {@code localdomain} by custom.
   */
  private static final List<String> LOCAL_DOMAINS =
      List.of("localhost", "local", "internal", "home.arpa", "localdomain");

  /**
   * Reads {@link #hosts}, separated by commas or spaces, in any case. Internationalized names must
   * be given in their {@code xn--} form. Blank text allows any host.
   *
   * @throws IllegalArgumentException if an element is malformed, or there are only separators
   */
  public static List<String> parseHosts(String text) {
    List<String> hosts = elements(text.toLowerCase(Locale.ROOT)).distinct().toList();
    boolean onlySeparators = hosts.isEmpty() && !text.isBlank();
    if (onlySeparators || !hosts.stream().allMatch(host -> HOST.matcher(host).matches())) {
      throw new IllegalArgumentException("not a host or *.domain");
    }
    return hosts;
  }

  /**
   * Reads {@link #ports}, separated by commas or spaces.
   *
   * @throws IllegalArgumentException if there is no port, or one is out of range
   */
  public static List<Integer> parsePorts(String text) {
    List<Integer> ports = elements(text).map(Integer::valueOf).distinct().toList();
    if (ports.isEmpty() || !ports.stream().allMatch(DestinationRules::isPort)) {
      throw new IllegalArgumentException("no ports");
    }
    return ports;
  }

  private static Stream<String> elements(String text) {
    return Stream.of(text.split("[,\\s]+")).filter(element -> !element.isEmpty());
  }

  /** Whether a number is a TCP port that a server can listen on. */
  public static boolean isPort(int number) {
    return number >= 1 && number <= MAX_PORT;
  }

  /**
   * Checks a URL.
   *
   * @param url absolute, with a host
   * @return the rule that it breaks, worded to follow the name of its field; empty: it is allowed
   */
  public Optional<String> brokenRule(URI url) {
    if (hasUser(url)) {
      return Optional.of(NO_USER);
    }
    int port = url.getPort() == -1 ? DEFAULT_PORT : url.getPort();
    if (!isPort(port)) {
      return Optional.of(PORT_RULE);
    }
    boolean https = "https".equalsIgnoreCase(url.getScheme());
    if (!https && !allowPrivate) {
      return Optional.of("must use https");
    }
    if (!allowsHost(url.getHost())) {
      return Optional.of("must name a host that is allowed here");
    }
    if (allowPrivate) {
      return Optional.empty();
    }
    if (!ports.contains(port)) {
      return Optional.of(
          "must use port "
              + ports.stream().map(String::valueOf).collect(Collectors.joining(" or ")));
    }
    return isLocal(url.getHost().toLowerCase(Locale.ROOT))
        ? Optional.of("must not name a private or local address")
        : Optional.empty();
  }

  /** Whether a URL's authority contains user information, which Java may not recognize as such. */
  public static boolean hasUser(URI url) {
    return url.getRawAuthority() != null && url.getRawAuthority().indexOf('@') >= 0;
  }

  boolean allowsHost(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return hosts.isEmpty() || hosts.stream().anyMatch(allowed -> matches(allowed, name));
  }

  private static boolean matches(String allowed, String name) {
    return allowed.startsWith("*.")
        ? name.endsWith(allowed.substring(1)) && name.length() >= allowed.length()
        : name.equals(allowed);
  }

  private static boolean isLocal(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    int dot = name.lastIndexOf('.');
    if (name.startsWith("[") || Character.isDigit(name.charAt(dot + 1))) {
      return !isPublicLiteral(name);
    }
    // A resolver may complete a name without a dot with a domain of its own network.
    return dot < 0 || LOCAL_DOMAINS.stream().anyMatch(domain -> name.endsWith("." + domain));
  }

  /** Does not resolve names: text that is not a literal address is not public. */
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
