package dev.signrelay.priming;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * The digests in SQS's responses, which the client verifies (Amazon SQS developer guide,
 * "Calculating the MD5 message digest for message attributes").
 */
final class SqsDigests {

  /** The transport type of a text or a number. */
  private static final int STRING = 1;

  private SqsDigests() {}

  /** The digest of a message's body. */
  static String ofBody(String body) {
    return md5(body.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The digest of a message's attributes.
   *
   * @param attributes texts and numbers, by name
   */
  static String ofAttributes(JsonNode attributes) {
    var sorted = new TreeMap<String, JsonNode>();
    attributes.properties().forEach(a -> sorted.put(a.getKey(), a.getValue()));
    var encoded = new ByteArrayOutputStream();
    sorted.forEach(
        (name, attribute) -> {
          write(encoded, name);
          write(encoded, attribute.path("DataType").asText());
          encoded.write(STRING);
          write(encoded, attribute.path("StringValue").asText());
        });
    return md5(encoded.toByteArray());
  }

  /** Writes the length of a text and the text. */
  private static void write(ByteArrayOutputStream encoded, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    encoded.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    encoded.writeBytes(bytes);
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("MD5 is not available", e);
    }
  }
}
