package dev.signrelay.callback;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hosts that callbacks may go to.
 *
 * @param patterns hosts, and {@code *.domain} for all hosts below a domain but not itself; in lower
 *     case; empty: any host
 */
public record AllowedHosts(List<String> patterns) {

  private static final Pattern PATTERN =
      Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  public AllowedHosts {
    patterns = List.copyOf(patterns);
  }

  /**
   * Reads patterns between commas or spaces. Names outside ASCII are written as {@code xn--}.
   *
   * @throws IllegalArgumentException if one of them is no pattern
   */
  public static AllowedHosts parse(String text) {
    List<String> patterns =
        Stream.of(text.toLowerCase(Locale.ROOT).split("[,\\s]+"))
            .filter(pattern -> !pattern.isEmpty())
            .distinct()
            .toList();
    if (!patterns.stream().allMatch(pattern -> PATTERN.matcher(pattern).matches())) {
      throw new IllegalArgumentException("no host or *.domain");
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
