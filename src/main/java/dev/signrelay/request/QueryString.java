package dev.signrelay.request;

import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of a query string, decoded strictly as {@code application/x-www-form-urlencoded}:
 * {@code +} is a space, {@code %XX} is a byte, and the bytes are UTF-8. The JDK's {@code
 * URLDecoder} replaces what it cannot decode; the signature would then be of another message than
 * the client's.
 */
record QueryString(List<Parameter> parameters) {

  record Parameter(String name, String value) {

    /** Omits the decoded text, which must not reach a log. */
    @Override
    public String toString() {
      return "Parameter";
    }
  }

  /** The encoding is malformed. */
  static final class MalformedQueryException extends BrokenRuleException {
    private static final long serialVersionUID = 1L;

    MalformedQueryException(String message) {
      super(message);
    }
  }

  QueryString {
    parameters = List.copyOf(parameters);
  }

  /** The values of a parameter, in order. */
  List<String> values(String name) {
    return parameters.stream().filter(p -> p.name().equals(name)).map(Parameter::value).toList();
  }

  /**
   * @throws MalformedQueryException if a {@code %} is not followed by two hexadecimal digits, or
   *     the decoded bytes are not UTF-8
   */
  static QueryString parse(String raw) throws MalformedQueryException {
    var parameters = new ArrayList<Parameter>();
    for (String pair : raw.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.add(new Parameter(decode(name), decode(value)));
    }
    return new QueryString(parameters);
  }

  private static String decode(String encoded) throws MalformedQueryException {
    byte[] source = utf8(encoded);
    var decoded = new ByteArrayOutputStream(source.length);
    for (int i = 0; i < source.length; i++) {
      if (source[i] == '%') {
        decoded.write(hexByte(source, i + 1));
        i += 2;
      } else {
        decoded.write(source[i] == '+' ? ' ' : source[i]);
      }
    }
    try {
      return Utf8.decode(decoded.toByteArray());
    } catch (CharacterCodingException e) {
      throw notUtf8();
    }
  }

  private static byte[] utf8(String text) throws MalformedQueryException {
    try {
      return Utf8.encode(text);
    } catch (CharacterCodingException e) {
      throw notUtf8();
    }
  }

  private static MalformedQueryException notUtf8() {
    return new MalformedQueryException("the query string must be percent-encoded UTF-8");
  }

  private static int hexByte(byte[] source, int at) throws MalformedQueryException {
    int high = at < source.length ? Character.digit(source[at], 16) : -1;
    int low = at + 1 < source.length ? Character.digit(source[at + 1], 16) : -1;
    if (high < 0 || low < 0) {
      throw new MalformedQueryException(
          "every % in the query string must be followed by two hexadecimal digits");
    }
    return high << 4 | low;
  }
}
