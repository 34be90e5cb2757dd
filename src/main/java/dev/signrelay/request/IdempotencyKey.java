package dev.signrelay.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code Idempotency-Key}: requests of a client with the same key are one request
 * (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * @param value without quotes
 */
public record IdempotencyKey(String value) {

  /**
   * The draft requires a quoted string (RFC 9651, 3.3.3). Many clients send the key without quotes.
   * A comma is refused: API Gateway joins repeated headers with one.
   */
  private static final Pattern HEADER = Pattern.compile("(\"?)([!-~&&[^,\"\\\\]]{1,255})\\1");

  /** RFC 9562, 5.8: a version for custom ids. */
  private static final long VERSION_8 = 0x8000L;

  private static final long VARIANT = 0x8000_0000_0000_0000L;

  /**
   * Reads the header.
   *
   * @throws BrokenRuleException if it is not one key of 1 to 255 visible ASCII characters without
   *     comma, quote and backslash
   */
  public static IdempotencyKey parse(String header) throws BrokenRuleException {
    Matcher matcher = HEADER.matcher(header.strip());
    if (!matcher.matches()) {
      throw new BrokenRuleException(
          "Idempotency-Key must be one key of 1 to 255 visible ASCII characters without comma,"
              + " quote and backslash");
    }
    return new IdempotencyKey(matcher.group(2));
  }

  /**
   * The id of the job of all requests with this key: a UUID from a hash. The hash has no secret:
   * anyone who knows the client and the id, such as a receiver, can test guesses of the key. Keys
   * should therefore be random.
   *
   * @param client a part of the hash: two clients may use equal keys
   */
  public String jobId(String client) {
    ByteBuffer digest = ByteBuffer.wrap(digest(client, value));
    long high = digest.getLong() & ~0xF000L | VERSION_8;
    long low = digest.getLong() & ~(3L << 62) | VARIANT;
    return new UUID(high, low).toString();
  }

  /**
   * A digest of the request, keyed by this key. It does not depend on the method. Only with the key
   * can guesses of the message be tested against it.
   */
  public String fingerprint(SignRequest request, boolean respondAsync) {
    return HexFormat.of()
        .formatHex(
            digest(
                value,
                request.message(),
                Objects.toString(request.callbackUrl(), ""),
                Objects.toString(request.validFor(), ""),
                Boolean.toString(respondAsync)));
  }

  /** The length of each text precedes it, so that different lists never give equal bytes. */
  private static byte[] digest(String... texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not available", e);
    }
  }

  /** Omits the key: anyone who knows it may get the answer. */
  @Override
  public String toString() {
    return "IdempotencyKey";
  }
}
