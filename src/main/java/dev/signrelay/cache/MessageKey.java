package dev.signrelay.cache;

import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of a message's item: its HMAC-SHA-256 (RFC 2104). Whoever reads the table without the
 * upstream's API key can neither read the messages nor test a guess. Another upstream or another
 * API key has other items.
 */
final class MessageKey {

  /** Begins the keys of messages. Other items of the table are the records of jobs. */
  private static final String PREFIX = "message#";

  private static final String ALGORITHM = "HmacSHA256";

  private MessageKey() {}

  static String of(String message, URI upstream, ApiKey key) {
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
