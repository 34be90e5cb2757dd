package dev.signrelay.callback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.Locale;
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

  /**
   * The key for one receiver.
   *
   * @param receiver host and port
   */
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
      return new Shared(mac(receiver.toLowerCase(Locale.ROOT), new byte[0]));
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

  /** A private key, whose public key receivers know: Ed25519, identifier {@code v1a}. */
  record Private(PrivateKey key) implements SigningKey {

    private static final String ALGORITHM = "Ed25519";

    /**
     * @param seed 32 bytes (RFC 8032, 5.1.5)
     */
    static Private ofSeed(byte[] seed) {
      try {
        return new Private(
            KeyFactory.getInstance(ALGORITHM)
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(ALGORITHM + " is not available", e);
      }
    }

    @Override
    public String sign(String prefix, byte[] body) {
      return "v1a," + Base64.getEncoder().encodeToString(signature(prefix, body));
    }

    /** The same key: receivers know only its public key. */
    @Override
    public Private of(String receiver) {
      return this;
    }

    /** Whether a public key belongs to this key. */
    boolean belongsTo(PublicKey other) {
      byte[] probe = signature("probe", new byte[0]);
      try {
        Signature verifier = Signature.getInstance(ALGORITHM);
        verifier.initVerify(other);
        verifier.update("probe".getBytes(StandardCharsets.UTF_8));
        return verifier.verify(probe);
      } catch (GeneralSecurityException _) {
        return false;
      }
    }

    private byte[] signature(String prefix, byte[] body) {
      try {
        Signature signer = Signature.getInstance(ALGORITHM);
        signer.initSign(key);
        signer.update(prefix.getBytes(StandardCharsets.UTF_8));
        signer.update(body);
        return signer.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(ALGORITHM + " is not available", e);
      }
    }

    /** Omits the key. */
    @Override
    public String toString() {
      return "Private";
    }
  }
}
