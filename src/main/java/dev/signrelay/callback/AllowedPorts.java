package dev.signrelay.callback;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ports that callbacks may go to.
 *
 * @param numbers at least one, each from 1 to 65535
 */
public record AllowedPorts(List<Integer> numbers) {

  /**
   * @throws IllegalArgumentException if there is none, or one is no port
   */
  public AllowedPorts {
    numbers = List.copyOf(numbers);
    if (numbers.isEmpty() || numbers.stream().anyMatch(port -> port < 1 || port > 65_535)) {
      throw new IllegalArgumentException("no ports");
    }
  }

  /**
   * Reads ports between commas or spaces.
   *
   * @throws IllegalArgumentException if there is none, or one is no port
   */
  public static AllowedPorts parse(String text) {
    return new AllowedPorts(
        Stream.of(text.split("[,\\s]+"))
            .filter(port -> !port.isEmpty())
            .map(Integer::valueOf)
            .distinct()
            .toList());
  }

  boolean allow(int port) {
    return numbers.contains(port);
  }

  /** For people: {@code 443 or 8443}. */
  String told() {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" or "));
  }
}
