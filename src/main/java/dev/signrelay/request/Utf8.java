package dev.signrelay.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Strict UTF-8: refuses text that cannot be encoded and bytes that cannot be decoded. {@link
 * String#getBytes} and {@link String#String(byte[])} replace them.
 */
final class Utf8 {

  private Utf8() {}

  /** Throws an exception if the bytes are not UTF-8. */
  static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** Throws an exception if the text has an unpaired surrogate. */
  static byte[] encode(String text) throws CharacterCodingException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new CharacterCodingException();
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
