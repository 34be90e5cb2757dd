package dev.signrelay.request;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Which callback URLs a request may name. What a name resolves to is not known here; that is
 * checked when the callback connects.
 *
 * @param enabled false: none
 * @param plainHttp true: {@code http} as well as {@code https}
 */
public record CallbackUrlRules(boolean enabled, boolean plainHttp) {

  /** The longest URL, in characters. */
  public static final int MAX_LENGTH = 2_048;

  /** What the rules say of a URL: {@link Accepted} or {@link Refused}. */
  public sealed interface Checked {
    record Accepted(URI url) implements Checked {}

    /**
     * @param error names the field and the rule, and quotes nothing of the input
     */
    record Refused(String error) implements Checked {}
  }

  /** Checks one URL; its own query is kept as it is. */
  public Checked check(String text) {
    if (!enabled) {
      return refused("is not accepted here: callbacks are switched off");
    }
    if (text.length() > MAX_LENGTH) {
      return refused("must be at most 2,048 characters");
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
    if (scheme.equals("http") && !plainHttp) {
      return refused("must use https");
    }
    if (url.getRawUserInfo() != null) {
      return refused("must not contain a user or password");
    }
    if (url.getHost() == null) {
      return refused("must name a host");
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      return refused("must have a port from 1 to 65535");
    }
    if (url.getRawFragment() != null) {
      return refused("must not contain a fragment");
    }
    return new Checked.Accepted(URI.create(ascii(text)));
  }

  /** Unlike {@link URI#toASCIIString}, which composes characters and so may name another URL. */
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
