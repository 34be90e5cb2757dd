package dev.signrelay.callback;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The public keys with which receivers verify callbacks. They are not secret.
 *
 * @param texts in the form of Standard Webhooks: {@code whpk_} and the base64 of 32 bytes; one, or
 *     several during a rotation; empty: there is none
 */
public record PublicKeys(List<String> texts) {

  public static final PublicKeys NONE = new PublicKeys(List.of());

  private static final String PREFIX = "whpk_";

  private static final int BYTES = 32;

  /** What precedes the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410, 4). */
  private static final String HEADER = "302a300506032b6570032100";

  public PublicKeys {
    texts = List.copyOf(texts);
  }

  /**
   * Parses keys that are separated by white space.
   *
   * @throws IllegalArgumentException if any of them is no {@code whpk_} key
   */
  public static PublicKeys parse(String text) {
    List<String> texts = Arrays.stream(text.split("\\s+")).filter(k -> !k.isEmpty()).toList();
    var keys = new PublicKeys(texts);
    if (keys.keys().size() < texts.size()) {
      throw new IllegalArgumentException("whpk_ and the padded base64 of 32 bytes");
    }
    return keys;
  }

  /** Whether receivers can verify the signatures of a key. */
  boolean include(SigningKey.Private key) {
    return keys().stream().anyMatch(key::belongsTo);
  }

  private List<PublicKey> keys() {
    var keys = new ArrayList<PublicKey>();
    for (String text : texts) {
      byte[] bytes = KeyText.bytes(PREFIX, text);
      if (bytes.length == BYTES) {
        try {
          keys.add(
              KeyFactory.getInstance("Ed25519")
                  .generatePublic(
                      new X509EncodedKeySpec(
                          HexFormat.of().parseHex(HEADER + HexFormat.of().formatHex(bytes)))));
        } catch (GeneralSecurityException _) {
          // Not a point of the curve.
        }
      }
    }
    return keys;
  }
}
