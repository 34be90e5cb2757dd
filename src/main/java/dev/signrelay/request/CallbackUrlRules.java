package dev.signrelay.request;

import dev.signrelay.destination.DestinationRules;
import dev.signrelay.request.Authority.MalformedAuthorityException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Which callback URLs a request may name.
 *
 * @param enabled false: none
 * @param destinations where callbacks may be sent
 */
public record CallbackUrlRules(boolean enabled, DestinationRules destinations) {

  /** The longest URL, in characters. */
  public static final int MAX_LENGTH = 2_048;

  /** The result of a check: {@link Accepted} or {@link Refused}. */
  public sealed interface Checked {
    /**
     * The URL is allowed.
     *
     * @param url in ASCII, with a host that {@link URI} recognizes
     */
    record Accepted(URI url) implements Checked {}

    /**
     * The URL breaks a rule.
     *
     * @param error names the field and the rule, without quoting the input
     */
    record Refused(String error) implements Checked {}
  }

  /** Checks one URL. Only a host outside ASCII or with a final dot is rewritten. */
  public Checked check(String text) {
    if (!enabled) {
      return refused("is not accepted here: callbacks are switched off");
    }
    if (text.length() > MAX_LENGTH) {
      return refused(String.format(Locale.ROOT, "must be at most %,d characters", MAX_LENGTH));
    }
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      return refused("must be a valid, percent-encoded URL");
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return refused("must be an absolute http or https URL");
    }
    if (url.getRawAuthority() == null) {
      return refused("must name a host");
    }
    if (url.getRawFragment() != null) {
      return refused("must not contain a fragment");
    }
    if (DestinationRules.hasUser(url)) {
      return refused(DestinationRules.NO_USER);
    }
    try {
      Authority authority = Authority.parse(url.getRawAuthority());
      URI canonical = URI.create(ascii(with(authority, url, text)));
      return destinations
          .brokenRule(canonical)
          .map(CallbackUrlRules::refused)
          .orElse(new Checked.Accepted(canonical));
    } catch (MalformedAuthorityException e) {
      return refused(e.getMessage());
    }
  }

  private static String with(Authority authority, URI url, String text) {
    int start = text.indexOf("//") + 2;
    String rest = text.substring(start + url.getRawAuthority().length());
    return text.substring(0, start) + authority.host() + authority.port() + rest;
  }

  /** Unlike {@link URI#toASCIIString}, does not compose characters, which would change the URL. */
  private static String ascii(String url) {
    var ascii = new StringBuilder();
    for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
      if (b < 0) {
        ascii.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      } else {
        ascii.append((char) b);
      }
    }
    return ascii.toString();
  }

  private static Checked refused(String rule) {
    return new Checked.Refused("callback_url " + rule);
  }
}
