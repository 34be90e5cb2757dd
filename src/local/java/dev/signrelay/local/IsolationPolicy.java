package dev.signrelay.local;

import dev.signrelay.json.Json;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests the servers of the local run refuse, because a web page of another origin
 * makes them. Such a page runs in the developer's browser and reaches every port of the machine.
 *
 * <ul>
 *   <li>A page of another site or port: the browser names it in {@code Origin} or {@code
 *       Sec-Fetch-Site} (Fetch standard; W3C Fetch Metadata). {@code none} is a typed URL or a link
 *       in another program, also after a redirect, so such a request may only read.
 *   <li>DNS rebinding: a public name that has come to resolve to this machine is the same origin as
 *       the server, so {@code Host} must name this machine. Its port does not matter: a page cannot
 *       choose it, and forwarded ports differ.
 *   <li>Browsers send {@code Sec-Fetch-Site} to loopback addresses and with TLS, but not with plain
 *       HTTP to others ({@code --bind}). There, what has an effect needs an {@code Origin} or a
 *       {@code Referer} of this server.
 * </ul>
 *
 * <p>Programs such as curl, the AWS SDKs and functions in containers send none of these headers.
 */
final class IsolationPolicy {

  private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]]+)(:\\d{1,5})?");

  /** The name of this machine in containers. Outside, the network's DNS may resolve it. */
  private static final String CONTAINER_HOST = "host.docker.internal";

  private static final Set<String> NAMES =
      Set.of("localhost", "127.0.0.1", "[::1]", CONTAINER_HOST);

  private static final String SAME_ORIGIN = "same-origin";

  /** A typed URL, a link in another program, or where one of these redirects to. */
  private static final String NO_PAGE = "none";

  private IsolationPolicy() {}

  /**
   * @param header returns the value of a header; null: absent
   * @param address the one of this machine that the client is connected to
   * @param acts whether the request can have an effect, even if its response is never read
   * @return one sentence that says why the request is refused; empty if it is not
   */
  static Optional<String> refusal(
      Function<String, @Nullable String> header, InetAddress address, boolean acts) {
    String host = text(header, "Host").toLowerCase(Locale.ROOT);
    if (!namesThisMachine(host, address)) {
      return Optional.of(
          "Host does not name this machine: use localhost, 127.0.0.1, [::1], host.docker.internal"
              + " or the IP address that you connect to.");
    }
    String own = "http://" + host;
    String origin = header.apply("Origin");
    String site = header.apply("Sec-Fetch-Site");
    if ((origin != null && !origin.equals(own))
        || (site != null && !(site.equals(SAME_ORIGIN) || site.equals(NO_PAGE) && !acts))) {
      return Optional.of(
          "A page of another origin may have made this request: use the console, or another program"
              + " than a browser.");
    }
    boolean isBrowser = origin != null || site != null || isBrowser(text(header, "User-Agent"));
    if (isBrowser && host.startsWith(CONTAINER_HOST)) {
      return Optional.of(
          CONTAINER_HOST + " is for programs in containers: use localhost in a browser.");
    }
    boolean isOfUnknownPage =
        origin == null
            && site == null
            && isBrowser(text(header, "User-Agent"))
            && !text(header, "Referer").startsWith(own + "/");
    return acts && isOfUnknownPage
        ? Optional.of(
            "The browser does not say which page made this request: use localhost as the host, or"
                + " another program.")
        : Optional.empty();
  }

  /** The body of a response with status 403. AWS SDKs display the member {@code message}. */
  static String body(String refusal) {
    return Json.write(Json.object().put("message", refusal));
  }

  private static String text(Function<String, @Nullable String> header, String name) {
    String value = header.apply(name);
    return value == null ? "" : value;
  }

  private static boolean namesThisMachine(String host, InetAddress address) {
    Matcher matcher = HOST.matcher(host);
    return matcher.matches()
        && (NAMES.contains(matcher.group(1)) || isLiteral(matcher.group(1), address));
  }

  private static boolean isLiteral(String name, InetAddress address) {
    try {
      return InetAddress.ofLiteral(name.replaceAll("[\\[\\]]", "")).equals(address);
    } catch (IllegalArgumentException _) {
      return false; // a name, which is not looked up
    }
  }

  /** PowerShell calls itself Mozilla, as every browser does. No page can set this header. */
  private static boolean isBrowser(String userAgent) {
    return userAgent.startsWith("Mozilla/") && !userAgent.contains("PowerShell/");
  }
}
