package dev.signrelay.jobrecord;

import dev.signrelay.secret.Secret;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ids of messages' items: an HMAC-SHA-256 (RFC 2104) of upstream and message, keyed by the API
 * key. A reader of the table who does not have the key can neither read the messages nor test a
 * guess. After a change of the upstream or the key, no earlier signature is reused.
 */
public record MessageKeys(URI upstream, Secret<ApiKey> apiKey) {

  /** No job's id begins with this. */
  private static final String PREFIX = "message#";

  private static final String ALGORITHM = "HmacSHA256";

  /**
   * The id of a message's item, with the API key that was read last.
   *
   * @throws SecretUnavailableException if none was read
   */
  String id(String message) {
    ApiKey key = apiKey.get(Duration.ZERO);
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      // A URL contains no line break.
      String text = upstream + "\n" + message;
      return PREFIX + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is not available", e);
    }
  }
}
