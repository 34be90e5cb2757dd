package dev.signrelay.destination;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ports that callbacks may be sent to.
 *
 * @param numbers at least one, each from 1 to 65535
 */
public record AllowedPorts(List<Integer> numbers) {

  /** The rule on a port, worded to follow the name of a field. */
  public static final String PORT_RULE = "must have a port from 1 to 65535";

  private static final int MAX_PORT = 65_535;

  /**
   * @throws IllegalArgumentException if there is no port, or one is out of range
   */
  public AllowedPorts {
    numbers = List.copyOf(numbers);
    if (numbers.isEmpty() || !numbers.stream().allMatch(AllowedPorts::isPort)) {
      throw new IllegalArgumentException("no ports");
    }
  }

  /**
   * Reads ports separated by commas or spaces.
   *
   * @throws IllegalArgumentException if there is no port, or one is out of range
   */
  public static AllowedPorts parse(String text) {
    return new AllowedPorts(
        Stream.of(text.split("[,\\s]+"))
            .filter(port -> !port.isEmpty())
            .map(Integer::valueOf)
            .distinct()
            .toList());
  }

  /** Whether a number is a TCP port that a server can listen on. */
  public static boolean isPort(int number) {
    return number >= 1 && number <= MAX_PORT;
  }

  boolean allow(int port) {
    return numbers.contains(port);
  }

  /** For error messages: {@code 443 or 8443}. */
  String describe() {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" or "));
  }
}
