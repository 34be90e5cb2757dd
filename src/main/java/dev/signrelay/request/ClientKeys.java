package dev.signrelay.request;

import static java.util.Objects.requireNonNullElseGet;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of clients. A client can have several keys, for example while one replaces another.
 *
 * @param clients the name of the client of each key; empty: no key is required. The name is used in
 *     logs, in records and for quotas. A key without a name has the name {@code key-} and the first
 *     16 hexadecimal digits of its SHA-256, which does not depend on other keys.
 */
public record ClientKeys(Map<String, String> clients) {

  /** No key is required. */
  public static final ClientKeys NONE = new ClientKeys(Map.of());

  /** The format that {@link #parse} reads. */
  public static final String RULE =
      "one or more keys of at least 16 visible ASCII characters without a colon, each alone or as"
          + " name:key, with spaces or commas between";

  /**
   * Visible ASCII without the colon, which ends a name, and the comma: API Gateway joins repeated
   * headers with a comma, and two keys in one header are not accepted.
   */
  private static final Pattern KEY =
      Pattern.compile("((?!key-)(?<name>[A-Za-z0-9_-]{1,32}):)?(?<value>[!-~&&[^,:]]{16,})");

  /** RFC 6750, 2.1. The scheme is case-insensitive (RFC 9110, 11.1). */
  private static final String SCHEME = "Bearer ";

  public ClientKeys {
    clients = Map.copyOf(clients);
  }

  /**
   * Reads keys separated by white space or commas.
   *
   * @return empty if there is none, or any of them breaks the rule
   */
  public static Optional<ClientKeys> parse(String text) {
    var clients = new HashMap<String, String>();
    for (String key : text.split("[\\s,]+")) {
      Matcher parsed = KEY.matcher(key);
      if (parsed.matches()) {
        String value = parsed.group("value");
        String client = requireNonNullElseGet(parsed.group("name"), () -> unnamed(value));
        String other = clients.putIfAbsent(value, client);
        // A key of two clients would let one read the other's jobs.
        if (other != null && !other.equals(client)) {
          return Optional.empty();
        }
      } else if (!key.isEmpty()) {
        return Optional.empty();
      }
    }
    return clients.isEmpty() ? Optional.empty() : Optional.of(new ClientKeys(clients));
  }

  private static String unnamed(String key) {
    return "key-" + HexFormat.of().formatHex(sha256(key)).substring(0, 16);
  }

  /**
   * Admits a request. One valid key is enough, whatever the other header contains. If both are
   * valid, the one in {@code Authorization} counts.
   *
   * @param authorization the header {@code Authorization}; empty if there is none
   * @param apiKey the header {@code x-api-key}; empty if there is none
   * @return the name of the client; an empty text: no key is required; empty: not admitted
   */
  public Optional<String> admit(String authorization, String apiKey) {
    if (clients.isEmpty()) {
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
   * Compares the digests of the given key and of every valid key in full, so that the time taken
   * does not show how much of a key matches.
   */
  private Optional<String> client(String given) {
    byte[] digest = sha256(given);
    @Nullable String client = null;
    for (Map.Entry<String, String> key : clients.entrySet()) {
      if (MessageDigest.isEqual(sha256(key.getKey()), digest)) {
        client = key.getValue();
      }
    }
    return Optional.ofNullable(client);
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
    return "ClientKeys" + clients.values();
  }
}
