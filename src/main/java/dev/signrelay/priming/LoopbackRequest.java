package dev.signrelay.priming;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A request that priming sent.
 *
 * @param line the request line
 * @param headers by name, in lower case
 */
record LoopbackRequest(String line, Map<String, String> headers, String body) {

  public LoopbackRequest {
    headers = Map.copyOf(headers);
  }

  /** The operation of an AWS service, such as {@code SendMessage}; empty: none. */
  String awsOperation() {
    String target = headers.getOrDefault("x-amz-target", "");
    return target.substring(target.indexOf('.') + 1);
  }

  static LoopbackRequest read(InputStream in) throws IOException {
    String line = line(in);
    var headers = new HashMap<String, String>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new LoopbackRequest(
        line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.US_ASCII).stripTrailing();
  }
}
