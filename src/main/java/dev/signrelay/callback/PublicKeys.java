package dev.signrelay.callback;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;

/**
 * The public keys with which receivers verify callbacks. They are not secret.
 *
 * @param texts in the form of Standard Webhooks: {@code whpk_} and the base64 of 32 bytes; one, or
 *     several during a rotation; empty: there is none
 */
public record PublicKeys(List<String> texts) {

  public static final PublicKeys NONE = new PublicKeys(List.of());

  /** The format that {@link #parse} reads. */
  public static final String RULE =
      "whpk_ and the padded base64 of 32 bytes, or several of these with spaces between";

  private static final String PREFIX = "whpk_";

  private static final int BYTES = 32;

  public PublicKeys {
    texts = List.copyOf(texts);
  }

  /**
   * Parses keys that are separated by white space.
   *
   * @throws IllegalArgumentException if any of them is no {@code whpk_} key
   */
  public static PublicKeys parse(String text) {
    List<String> keys = Arrays.stream(text.split("\\s+")).filter(k -> !k.isEmpty()).toList();
    if (!keys.stream().allMatch(k -> KeyText.bytes(PREFIX, k).length == BYTES)) {
      throw new IllegalArgumentException("must be " + RULE);
    }
    return new PublicKeys(keys);
  }

  /** The text of a key. The last bytes of a SubjectPublicKeyInfo are the key (RFC 8410, 4). */
  static String text(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return text(Arrays.copyOfRange(encoded, encoded.length - BYTES, encoded.length));
  }

  static String text(byte[] key) {
    return KeyText.of(PREFIX, key);
  }

  public boolean isEmpty() {
    return texts.isEmpty();
  }
}
