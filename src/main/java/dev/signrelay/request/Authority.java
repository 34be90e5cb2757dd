package dev.signrelay.request;

import dev.signrelay.destination.AllowedPorts;
import java.net.IDN;
import java.util.regex.Pattern;

/**
 * The host and port of a URL in canonical form, which all URL parsers read alike.
 *
 * @param host an ASCII name without a final dot, four decimal numbers, or an IPv6 address in
 *     brackets
 * @param port as given: empty, or a colon and digits
 */
record Authority(String host, String port) {

  /** Its message is the broken rule, worded to follow the name of the field. */
  static final class MalformedAuthorityException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedAuthorityException(String rule) {
      super(rule);
    }
  }

  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

  /** RFC 1123, 2.1. */
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)(" + LABEL + "\\.)*(?=[A-Za-z])" + LABEL);

  /** RFC 3986, 3.2.2. Other forms are octal for some parsers and decimal for others. */
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  /** ß, ς and the joiners name one host in IDNA 2003 and another in 2008 (UTS #46, 7). */
  private static final Pattern AMBIGUOUS = Pattern.compile("[\u00df\u03c2\u200c\u200d]");

  /**
   * Reads the raw authority of a URL without user information.
   *
   * @param raw of a URL that {@link java.net.URI} accepts
   * @throws MalformedAuthorityException if it has no host, or its host or port is malformed
   */
  static Authority parse(String raw) throws MalformedAuthorityException {
    int colon = raw.indexOf(':', raw.indexOf(']') + 1);
    String host = colon < 0 ? raw : raw.substring(0, colon);
    String port = colon < 0 ? "" : raw.substring(colon);
    if (host.isEmpty()) {
      throw new MalformedAuthorityException("must name a host");
    }
    if (!port.matches("(:\\d{0,5})?") || port.length() > 1 && !isPort(port.substring(1))) {
      throw new MalformedAuthorityException(AllowedPorts.PORT_RULE);
    }
    return new Authority(host.startsWith("[") ? ipv6(host) : name(host), port);
  }

  private static boolean isPort(String digits) {
    return AllowedPorts.isPort(Integer.parseInt(digits));
  }

  private static String ipv6(String host) throws MalformedAuthorityException {
    if (host.indexOf('%') >= 0) {
      throw new MalformedAuthorityException("must not name an address with a zone");
    }
    return host;
  }

  private static String name(String host) throws MalformedAuthorityException {
    String ascii = ascii(host);
    String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    if (NAME.matcher(name).matches() || IPV4.matcher(name).matches()) {
      return name;
    }
    throw new MalformedAuthorityException(
        name.matches("(.*\\.)?\\d[^.]*")
            ? "must write an IPv4 address as four decimal numbers"
            : "must name a host in letters, digits, hyphens and dots");
  }

  /** Converts a name with IDNA (RFC 3490), which also normalizes digits, dots and letters. */
  private static String ascii(String host) throws MalformedAuthorityException {
    if (host.chars().allMatch(c -> c < 0x80)) {
      return host;
    }
    try {
      if (!AMBIGUOUS.matcher(host).find()) {
        return IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES);
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      // The same error as for every name without a unique ASCII form.
    }
    throw new MalformedAuthorityException("must name its host in ASCII, with xn-- labels");
  }
}
