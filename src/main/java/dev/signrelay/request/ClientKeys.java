package dev.signrelay.request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The API keys of clients.
 *
 * @param keys each is accepted; empty: no key is required
 */
public record ClientKeys(List<String> keys) {

  /** No key is required. */
  public static final ClientKeys NONE = new ClientKeys(List.of());

  /** The format that {@link #parse} reads. */
  public static final String RULE =
      "one or more keys of at least 16 visible ASCII characters, with spaces or commas between";

  /**
   * Visible ASCII without the comma. API Gateway joins repeated headers with a comma; two keys in
   * one header are not accepted.
   */
  private static final String KEY = "[!-~&&[^,]]{16,}";

  private static final int ID_DIGITS = 16;

  /** RFC 6750, 2.1. The scheme is case-insensitive (RFC 9110, 11.1). */
  private static final String SCHEME = "Bearer ";

  public ClientKeys {
    keys = List.copyOf(keys);
  }

  /**
   * Reads keys separated by white space or commas.
   *
   * @return empty if there is none, or any of them breaks the rule
   */
  public static Optional<ClientKeys> parse(String text) {
    List<String> keys = Arrays.stream(text.split("[\\s,]+")).filter(k -> !k.isEmpty()).toList();
    return keys.isEmpty() || !keys.stream().allMatch(k -> k.matches(KEY))
        ? Optional.empty()
        : Optional.of(new ClientKeys(keys));
  }

  /**
   * Admits a request. One valid key is enough, whatever the other header contains; of two, that in
   * {@code Authorization} counts.
   *
   * @param authorization the header {@code Authorization}; empty if there is none
   * @param apiKey the header {@code x-api-key}; empty if there is none
   * @return identifies the client: {@code key-} and the first {@value #ID_DIGITS} hexadecimal
   *     digits of the SHA-256 of its key. An empty text if no key is required; empty if the request
   *     is not admitted
   */
  public Optional<String> admit(String authorization, String apiKey) {
    if (keys.isEmpty()) {
      return Optional.of("");
    }
    Optional<String> bearer = client(bearer(authorization));
    Optional<String> header = client(apiKey.strip());
    return bearer.or(() -> header);
  }

  private static String bearer(String authorization) {
    String credentials = authorization.strip();
    return credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? credentials.substring(SCHEME.length()).strip()
        : "";
  }

  /**
   * Compares digests with every key, each to its end. The time taken depends neither on a key's
   * length nor on how much of a key matches.
   */
  private Optional<String> client(String given) {
    byte[] digest = sha256(given);
    boolean known = false;
    for (String key : keys) {
      known |= MessageDigest.isEqual(sha256(key), digest);
    }
    String id = "key-" + HexFormat.of().formatHex(digest).substring(0, ID_DIGITS);
    return known ? Optional.of(id) : Optional.empty();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not available", e);
    }
  }

  /** Omits the keys. */
  @Override
  public String toString() {
    return "ClientKeys[" + keys.size() + "]";
  }
}
