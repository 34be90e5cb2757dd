package dev.signrelay.telemetry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identifies a message in the log without disclosing it. */
public final class MessageHash {

  private static final int BYTES = 6;

  private MessageHash() {}

  /** The first {@value #BYTES} bytes of the message's SHA-256, in hexadecimal. */
  public static String of(String message) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(message.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not available", e);
    }
  }
}
