package dev.signrelay.upstream;

import java.util.Optional;

/**
 * The key that the upstream requires.
 *
 * @param value sent as the header {@code Authorization}: printable ASCII (RFC 9110, 5.5)
 */
public record ApiKey(String value) {

  /** The format that {@link #parse} reads. */
  public static final String RULE = "printable ASCII";

  /**
   * Reads a key. White space around it is ignored.
   *
   * @return empty if the text is blank or breaks the rule
   */
  public static Optional<ApiKey> parse(String text) {
    String value = text.strip();
    return value.matches("[ -~]+") ? Optional.of(new ApiKey(value)) : Optional.empty();
  }

  /** Omits the key. */
  @Override
  public String toString() {
    return "ApiKey";
  }
}
