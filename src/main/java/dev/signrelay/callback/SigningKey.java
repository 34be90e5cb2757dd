package dev.signrelay.callback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that signs callbacks, by one of the two schemes of <a
 * href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks</a>: {@link Shared} or {@link Private}. As a text, a key is a prefix and padded base64.
 */
sealed interface SigningKey {

  /**
   * Returns an element of {@code webhook-signature}: the scheme's identifier, a comma, and base64.
   *
   * @param prefix id and timestamp, each followed by a full stop
   * @param body the bytes that are sent
   */
  String sign(String prefix, byte[] body);

  /** The key for one receiver, a host and a port. */
  SigningKey of(String receiver);

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Empty: the text has another prefix, or its base64 is not canonical (RFC 4648, 3.5). */
  private static byte[] decode(String prefix, String text) {
    String base64 = text.startsWith(prefix) ? text.substring(prefix.length()) : "";
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return encode(bytes).equals(base64) ? bytes : new byte[0];
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  /** A secret that is shared with receivers: HMAC-SHA256, identifier {@code v1}. */
  record Shared(SecretKeySpec secret) implements SigningKey {

    private static final String ALGORITHM = "HmacSHA256";

    private static final String PREFIX = "whsec_";

    /** Standard Webhooks, "Signature scheme". */
    private static final int MIN_BYTES = 24;

    private static final int MAX_BYTES = 64;

    private Shared(byte[] secret) {
      this(new SecretKeySpec(secret, ALGORITHM));
    }

    /** Empty: the text is not {@code whsec_} and the base64 of 24 to 64 bytes. */
    static Optional<SigningKey> parse(String text) {
      byte[] bytes = decode(PREFIX, text);
      return bytes.length < MIN_BYTES || bytes.length > MAX_BYTES
          ? Optional.empty()
          : Optional.of(new Shared(bytes));
    }

    String text() {
      return PREFIX + encode(secret.getEncoded());
    }

    @Override
    public String sign(String prefix, byte[] body) {
      return "v1," + encode(mac(prefix, body));
    }

    /** A secret derived from this one, so that no receiver knows another receiver's secret. */
    @Override
    public Shared of(String receiver) {
      return new Shared(mac(receiver, new byte[0]));
    }

    private byte[] mac(String prefix, byte[] body) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(secret);
        mac.update(prefix.getBytes(StandardCharsets.UTF_8));
        return mac.doFinal(body);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(ALGORITHM + " is not available", e);
      }
    }

    /** Omits the secret. */
    @Override
    public String toString() {
      return "Shared";
    }
  }

  /**
   * A private key, whose public key receivers know: Ed25519, identifier {@code v1a}.
   *
   * @param publicKey {@code whpk_} and the base64 of 32 bytes; not secret
   */
  record Private(PrivateKey key, String publicKey) implements SigningKey {

    private static final String ALGORITHM = "Ed25519";

    private static final String PREFIX = "whsk_";

    private static final String PUBLIC_PREFIX = "whpk_";

    /** The length of a public key, and of a private key's seed (RFC 8032, 5.1.5). */
    private static final int BYTES = 32;

    /**
     * Empty: the text is not {@code whsk_} and the base64 of a seed, alone or followed by its
     * public key.
     */
    static Optional<SigningKey> parse(String text) {
      byte[] bytes = decode(PREFIX, text);
      if (bytes.length != BYTES && bytes.length != 2 * BYTES) {
        return Optional.empty();
      }
      Private key = ofSeed(Arrays.copyOf(bytes, BYTES));
      String given = PUBLIC_PREFIX + encode(Arrays.copyOfRange(bytes, BYTES, bytes.length));
      return bytes.length == BYTES || given.equals(key.publicKey)
          ? Optional.of(key)
          : Optional.empty();
    }

    static boolean isPublicKey(String text) {
      return decode(PUBLIC_PREFIX, text).length == BYTES;
    }

    /** The JDK computes a public key only when it generates a pair, here from the given seed. */
    private static Private ofSeed(byte[] seed) {
      try {
        var generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(
            NamedParameterSpec.ED25519,
            new SecureRandom() {
              @Override
              public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
              }
            });
        KeyPair pair = generator.generateKeyPair();
        // The last bytes of a SubjectPublicKeyInfo are the key (RFC 8410, 4).
        byte[] info = pair.getPublic().getEncoded();
        byte[] publicKey = Arrays.copyOfRange(info, info.length - BYTES, info.length);
        return new Private(pair.getPrivate(), PUBLIC_PREFIX + encode(publicKey));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(ALGORITHM + " is not available", e);
      }
    }

    @Override
    public String sign(String prefix, byte[] body) {
      try {
        Signature signer = Signature.getInstance(ALGORITHM);
        signer.initSign(key);
        signer.update(prefix.getBytes(StandardCharsets.UTF_8));
        signer.update(body);
        return "v1a," + encode(signer.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(ALGORITHM + " is not available", e);
      }
    }

    /** This key: receivers know only its public key, so one key serves all of them. */
    @Override
    public Private of(String receiver) {
      return this;
    }

    /** Omits the key. */
    @Override
    public String toString() {
      return "Private";
    }
  }
}
