package dev.signrelay.local.console;

import com.sun.net.httpserver.Headers;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pages of other sites off the console: a browser on a developer's machine opens many,
 * and any of them can send requests to {@code localhost}.
 *
 * <ul>
 *   <li>A page elsewhere cannot send {@value #HEADER} without asking first (Fetch standard, "CORS
 *       preflight"), and is never allowed to. Browsers also say where a request comes from.
 *   <li>A name of another's whose address was changed to this machine's makes his page one of the
 *       same origin, so the name that is asked for must be one that nobody outside can have.
 * </ul>
 */
final class OwnPage {

  /** Has to be there, with any value, in what changes something. */
  static final String HEADER = "SignRelay-Console";

  private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]]+)(:\\d{1,5})?");
  private static final Pattern ADDRESS =
      Pattern.compile("\\[[0-9a-f:.]+]|\\d{1,3}(\\.\\d{1,3}){3}");

  private OwnPage() {}

  /**
   * Whether a page or a file may be shown.
   *
   * @return why not; null if it may
   */
  static @Nullable String refusalToShow(Headers headers) {
    return isOwn(host(headers))
        ? null
        : "Open the console as localhost, by an address, or by a name without a dot.";
  }

  /**
   * Whether what happens to jobs may be told.
   *
   * @return why not; null if it may
   */
  static @Nullable String refusalToTell(Headers headers) {
    String site = headers.getFirst("Sec-Fetch-Site");
    return site == null || site.equals("same-origin") || site.equals("none")
        ? refusalToShow(headers)
        : "Only the console's own page may ask for this.";
  }

  /**
   * Whether something may be changed.
   *
   * @return why not; null if it may
   */
  static @Nullable String refusalToChange(Headers headers) {
    String origin = headers.getFirst("Origin");
    if (!headers.containsKey(HEADER)) {
      return "Send the header " + HEADER + ": 1.";
    }
    return origin == null || origin.equals("http://" + host(headers))
        ? refusalToTell(headers)
        : "Only the console's own page may ask for this.";
  }

  private static String host(Headers headers) {
    String host = headers.getFirst("Host");
    return host == null ? "" : host.toLowerCase(Locale.ROOT);
  }

  /** An address, this machine, or a name without a dot, which no public name is. */
  private static boolean isOwn(String host) {
    var fakes = HOST.matcher(host);
    if (!fakes.matches()) {
      return false;
    }
    String name = fakes.group(1);
    return !name.contains(".") || name.endsWith(".localhost") || ADDRESS.matcher(name).matches();
  }
}
