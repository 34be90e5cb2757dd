package dev.signrelay.callback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets with which callbacks are signed, by the symmetric scheme of <a
 * href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks</a>: HMAC-SHA256 over {@code id.timestamp.body}.
 *
 * @param keys one, or several during a rotation; empty: callbacks are not signed
 */
public record WebhookSecrets(List<SecretKeySpec> keys) {

  /** No secrets: callbacks are not signed. */
  public static final WebhookSecrets NONE = new WebhookSecrets(List.of());

  /** The format that {@link #parse} reads. */
  public static final String RULE =
      "whsec_ and the padded base64 of 24 to 64 bytes, or several of these with spaces between";

  private static final String PREFIX = "whsec_";

  /** The bounds of a secret in bytes (Standard Webhooks, "Signature scheme"). */
  private static final int MIN_BYTES = 24;

  private static final int MAX_BYTES = 64;

  private static final String ALGORITHM = "HmacSHA256";

  public WebhookSecrets {
    keys = List.copyOf(keys);
  }

  /**
   * Parses {@code whsec_...} secrets separated by white space.
   *
   * @return empty if there is none, or any of them breaks the rule
   */
  public static Optional<WebhookSecrets> parse(String text) {
    var keys = new ArrayList<SecretKeySpec>();
    for (String secret : text.strip().split("\\s+")) {
      byte[] bytes = bytes(secret);
      if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
        return Optional.empty();
      }
      keys.add(new SecretKeySpec(bytes, ALGORITHM));
    }
    return Optional.of(new WebhookSecrets(keys));
  }

  /**
   * Decodes the padded base64 after the prefix, in the canonical form that all decoders read alike.
   *
   * @return empty if the secret has another form
   */
  private static byte[] bytes(String secret) {
    String base64 = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : "";
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return Base64.getEncoder().encodeToString(bytes).equals(base64) ? bytes : new byte[0];
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  /**
   * The value of {@code webhook-signature}: one signature for each secret, in order, separated by
   * spaces.
   *
   * @param id the value of {@code webhook-id}
   * @param timestamp the value of {@code webhook-timestamp}
   * @param body the bytes that are sent
   * @return empty if there are no secrets
   */
  public Optional<String> sign(String id, String timestamp, byte[] body) {
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            keys.stream()
                .map(key -> "v1," + signature(key, id + "." + timestamp + ".", body))
                .collect(Collectors.joining(" ")));
  }

  private static String signature(SecretKeySpec key, String beforeTheBody, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(beforeTheBody.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is not available", e);
    }
  }

  /** Omits the secrets. */
  @Override
  public String toString() {
    return "WebhookSecrets[" + keys.size() + "]";
  }
}
