package dev.signrelay.destination;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hosts that callbacks may be sent to.
 *
 * @param patterns in lower case: a host, or {@code *.domain} for every host below a domain, without
 *     the domain itself; empty: any host
 */
public record AllowedHosts(List<String> patterns) {

  private static final Pattern PATTERN =
      Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  /**
   * Parses patterns separated by commas or spaces, in any case. Internationalized names must be
   * given in their {@code xn--} form. Blank text allows any host.
   *
   * @throws IllegalArgumentException if an element is not a pattern, or there are only separators
   */
  public static AllowedHosts parse(String text) {
    List<String> patterns =
        Stream.of(text.toLowerCase(Locale.ROOT).split("[,\\s]+"))
            .filter(pattern -> !pattern.isEmpty())
            .distinct()
            .toList();
    boolean onlySeparators = patterns.isEmpty() && !text.isBlank();
    if (onlySeparators
        || !patterns.stream().allMatch(pattern -> PATTERN.matcher(pattern).matches())) {
      throw new IllegalArgumentException("not a host or *.domain");
    }
    return new AllowedHosts(patterns);
  }

  boolean allow(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, String name) {
    return pattern.startsWith("*.")
        ? name.endsWith(pattern.substring(1)) && name.length() >= pattern.length()
        : name.equals(pattern);
  }
}
