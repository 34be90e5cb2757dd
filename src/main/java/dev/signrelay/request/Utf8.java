package dev.signrelay.request;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Strict UTF-8. What cannot be encoded or decoded is refused and not replaced, as {@link
 * String#getBytes} and {@link String#String(byte[])} do it.
 */
final class Utf8 {

  private Utf8() {}

  /**
   * Decodes bytes.
   *
   * @throws CharacterCodingException if they are not UTF-8
   */
  static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /**
   * Encodes text.
   *
   * @throws CharacterCodingException if it has an unpaired surrogate
   */
  static byte[] encode(String text) throws CharacterCodingException {
    ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}
