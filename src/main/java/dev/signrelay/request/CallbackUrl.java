package dev.signrelay.request;

import dev.signrelay.destination.DestinationRules;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses callback URLs into a canonical form that all URL parsers read alike: ASCII, with a host
 * that is a name without a final dot, four decimal numbers, or an IPv6 address in brackets.
 */
public final class CallbackUrl {

  /** The longest URL, in characters. */
  public static final int MAX_LENGTH = 2_048;

  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

  /** RFC 1123, 2.1. */
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)(" + LABEL + "\\.)*(?=[A-Za-z])" + LABEL);

  /** RFC 3986, 3.2.2. Other forms are octal for some parsers and decimal for others. */
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  /** Names with ß, ς or joiners differ between IDNA 2003 and IDNA 2008 (UTS #46, 7). */
  private static final Pattern AMBIGUOUS = Pattern.compile("[\u00df\u03c2\u200c\u200d]");

  private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7f]+");

  private CallbackUrl() {}

  /**
   * Parses a URL. Only a host that is not ASCII or has a final dot is rewritten, and other
   * characters outside ASCII are percent-encoded.
   *
   * @param destinations where callbacks may be sent; null: callbacks are disabled
   * @throws BrokenRuleException if callbacks are disabled, or the URL is too long, not absolute,
   *     not http or https, without a valid host and port, with user information or a fragment, or
   *     not allowed
   */
  public static URI parse(String text, @Nullable DestinationRules destinations)
      throws BrokenRuleException {
    if (destinations == null) {
      throw broken("is not accepted: callbacks are disabled");
    }
    if (text.length() > MAX_LENGTH) {
      throw broken(String.format(Locale.ROOT, "must be at most %,d characters", MAX_LENGTH));
    }
    URI url = canonical(text);
    Optional<String> brokenRule = destinations.brokenRule(url);
    if (brokenRule.isPresent()) {
      throw broken(brokenRule.get());
    }
    return url;
  }

  private static URI canonical(String text) throws BrokenRuleException {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw broken("must be a valid, percent-encoded URL");
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw broken("must be an absolute http or https URL");
    }
    String authority = url.getRawAuthority();
    if (authority == null) {
      throw broken("must name a host");
    }
    if (url.getRawFragment() != null) {
      throw broken("must not contain a fragment");
    }
    if (DestinationRules.hasUser(url)) {
      throw broken(DestinationRules.NO_USER);
    }
    int start = text.indexOf("//") + 2;
    String path = text.substring(start + authority.length());
    return URI.create(
        percentEncoded(text.substring(0, start) + canonicalAuthority(authority) + path));
  }

  /** The rule is worded to follow the name of the field. */
  private static BrokenRuleException broken(String rule) {
    return new BrokenRuleException("callback_url " + rule);
  }

  private static String canonicalAuthority(String authority) throws BrokenRuleException {
    int colon = authority.indexOf(':', authority.indexOf(']') + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String port = colon < 0 ? "" : authority.substring(colon);
    if (host.isEmpty()) {
      throw broken("must name a host");
    }
    if (!port.matches("(:\\d{0,5})?")) {
      throw broken(DestinationRules.PORT_RULE);
    }
    if (!host.startsWith("[")) {
      return name(host) + port;
    }
    if (host.contains("%")) {
      throw broken("must not name an address with a zone");
    }
    return authority;
  }

  private static String name(String host) throws BrokenRuleException {
    String ascii = ascii(host);
    String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    if (NAME.matcher(name).matches() || IPV4.matcher(name).matches()) {
      return name;
    }
    throw broken(
        name.matches("(.*\\.)?\\d[^.]*")
            ? "must write an IPv4 address as four decimal numbers"
            : "must name a host in letters, digits, hyphens and dots");
  }

  /** Converts a name with IDNA (RFC 3490), which also normalizes digits, dots and letters. */
  private static String ascii(String host) throws BrokenRuleException {
    if (!NOT_ASCII.matcher(host).find()) {
      return host;
    }
    try {
      if (!AMBIGUOUS.matcher(host).find()) {
        return IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES);
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      // The same error as for every name without a unique ASCII form.
    }
    throw broken("must name its host in ASCII, with xn-- labels");
  }

  /** Unlike {@link URI#toASCIIString}, does not compose characters, which would change the URL. */
  private static String percentEncoded(String url) {
    return NOT_ASCII
        .matcher(url)
        .replaceAll(text -> URLEncoder.encode(text.group(), StandardCharsets.UTF_8));
  }
}
