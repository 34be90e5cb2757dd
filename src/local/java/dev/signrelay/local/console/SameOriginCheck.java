package dev.signrelay.local.console;

import com.sun.net.httpserver.Headers;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rejects requests of pages of other origins, which can send requests to {@code localhost} from a
 * developer's browser.
 *
 * <ul>
 *   <li>Cross-site request forgery: a page of another origin cannot send {@value #HEADER} without a
 *       preflight request (Fetch standard, "CORS preflight"), which is never approved. {@code
 *       Origin} and {@code Sec-Fetch-Site} are checked as well.
 *   <li>DNS rebinding: if a public name resolves to this machine, its pages have the same origin as
 *       the console. Therefore the host of a request must be one that cannot be a public name.
 * </ul>
 */
final class SameOriginCheck {

  /** Required in requests for actions, with any value. */
  static final String HEADER = "SignRelay-Console";

  private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]]+)(:\\d{1,5})?");
  private static final Pattern ADDRESS =
      Pattern.compile("\\[[0-9a-f:.]+]|\\d{1,3}(\\.\\d{1,3}){3}");

  private SameOriginCheck() {}

  /**
   * Checks a request for a page or a file.
   *
   * @return the reason for refusing it; null if it is allowed
   */
  static @Nullable String pageRefusal(Headers headers) {
    return isLocal(host(headers))
        ? null
        : "Open the console as localhost, by IP address, or by a host name without a dot.";
  }

  /**
   * Checks a request for the events of jobs.
   *
   * @return the reason for refusing it; null if it is allowed
   */
  static @Nullable String eventsRefusal(Headers headers) {
    String site = headers.getFirst("Sec-Fetch-Site");
    return site == null || site.equals("same-origin") || site.equals("none")
        ? pageRefusal(headers)
        : "Only the console's own page may send this request.";
  }

  /**
   * Checks a request for an action.
   *
   * @return the reason for refusing it; null if it is allowed
   */
  static @Nullable String actionRefusal(Headers headers) {
    String origin = headers.getFirst("Origin");
    if (!headers.containsKey(HEADER)) {
      return "The header " + HEADER + " is required.";
    }
    return origin == null || origin.equals("http://" + host(headers))
        ? eventsRefusal(headers)
        : "Only the console's own page may send this request.";
  }

  private static String host(Headers headers) {
    String host = headers.getFirst("Host");
    return host == null ? "" : host.toLowerCase(Locale.ROOT);
  }

  /** An IP address, localhost, or a name without a dot, which cannot be a public name. */
  private static boolean isLocal(String host) {
    var matcher = HOST.matcher(host);
    if (!matcher.matches()) {
      return false;
    }
    String name = matcher.group(1);
    return !name.contains(".") || name.endsWith(".localhost") || ADDRESS.matcher(name).matches();
  }
}
