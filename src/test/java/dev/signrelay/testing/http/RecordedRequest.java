package dev.signrelay.testing.http;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A complete HTTP request.
 *
 * @param head the request line and the headers
 */
public record RecordedRequest(String head, byte[] body) {

  public String line() {
    return head.lines().findFirst().orElseThrow();
  }

  /** The values of all headers with this name, joined with commas; empty if there are none. */
  public String header(String name) {
    return headers(name).collect(Collectors.joining(", "));
  }

  /** In lower case. */
  public Set<String> headerNames() {
    return head.lines()
        .skip(1)
        .map(l -> l.substring(0, l.indexOf(':')).toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private Stream<String> headers(String name) {
    return head.lines()
        .skip(1)
        .filter(l -> l.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(l -> l.substring(name.length() + 1).strip());
  }
}
