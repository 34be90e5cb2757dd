package dev.signrelay.callback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that signs callbacks, by one of the two schemes of <a
 * href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks</a>: {@link Shared} or {@link Private}.
 */
sealed interface SigningKey {

  /**
   * An element of {@code webhook-signature}: the scheme's identifier, a comma, and base64.
   *
   * @param prefix id and timestamp, each followed by a full stop
   * @param body the bytes that are sent
   */
  String sign(String prefix, byte[] body);

  /** The key for one receiver, a host and a port. */
  SigningKey of(String receiver);

  /** A secret that receivers share: HMAC-SHA256, identifier {@code v1}. */
  record Shared(SecretKeySpec secret) implements SigningKey {

    private static final String ALGORITHM = "HmacSHA256";

    Shared(byte[] secret) {
      this(new SecretKeySpec(secret, ALGORITHM));
    }

    @Override
    public String sign(String prefix, byte[] body) {
      return "v1," + Base64.getEncoder().encodeToString(mac(prefix, body));
    }

    /** A secret derived from this one, so that no receiver knows that of another. */
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
   * @param publicKey as text, see {@link PublicKeys}
   */
  record Private(PrivateKey key, String publicKey) implements SigningKey {

    private static final String ALGORITHM = "Ed25519";

    /**
     * The JDK computes public keys only when it generates a pair, from a random seed.
     *
     * @param seed 32 bytes (RFC 8032, 5.1.5)
     */
    static Private ofSeed(byte[] seed) {
      try {
        var generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(NamedParameterSpec.ED25519, new FixedSeed(seed));
        KeyPair pair = generator.generateKeyPair();
        return new Private(pair.getPrivate(), PublicKeys.text(pair.getPublic()));
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
        return "v1a," + Base64.getEncoder().encodeToString(signer.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(ALGORITHM + " is not available", e);
      }
    }

    /** The same key: receivers know only its public key. */
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

  /** A source of randomness that returns the given seed each time. */
  final class FixedSeed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient byte[] seed;

    private FixedSeed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
