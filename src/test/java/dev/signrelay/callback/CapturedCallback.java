package dev.signrelay.callback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.testing.FixedCallbackKeys;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RecordedRequest;
import dev.signrelay.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A captured callback that can be changed and sent again. */
record CapturedCallback(Map<String, String> headers, byte[] body) {

  private static final int TIMEOUT_MILLIS = 60_000;

  /** Captures a callback with the current timestamp. */
  static CapturedCallback of(String job, String signature, CallbackSigningKeys secrets)
      throws IOException {
    try (var listener = RawServer.start(ConnectionHandlers.answers(204, ""));
        var http =
            new HttpTransport(
                HttpClients.create(Network.ofSystem(), "SignRelay/1.2.3"), new SystemTime())) {
      new HttpCallbackSender(http, new SystemTime(), FixedCallbackKeys.of(secrets))
          .deliver(listener.url("/"), job, signature, Duration.ofMillis(TIMEOUT_MILLIS));
      RecordedRequest request = listener.requests().getFirst();
      return new CapturedCallback(
          request.headerNames().stream().collect(Collectors.toMap(n -> n, request::header)),
          request.body());
    }
  }

  CapturedCallback with(String header, String value) {
    var changed = new TreeMap<>(headers);
    changed.put(header, value);
    return new CapturedCallback(changed, body);
  }

  CapturedCallback without(String header) {
    var changed = new TreeMap<>(headers);
    changed.remove(header);
    return new CapturedCallback(changed, body);
  }

  CapturedCallback withBody(byte[] other) {
    return new CapturedCallback(with("content-length", other.length + "").headers, other);
  }

  /**
   * Sends the callback through a plain socket, which allows any header.
   *
   * @return the status of the answer
   */
  int sendTo(URI url) throws IOException {
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(bytes());
      String answer = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
      return Integer.parseInt(answer.substring(9));
    }
  }

  private byte[] bytes() {
    var bytes = new ByteArrayOutputStream();
    String head =
        with("connection", "close").headers.entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
            .collect(Collectors.joining("", "POST / HTTP/1.1\r\n", "\r\n"));
    bytes.writeBytes(head.getBytes(ISO_8859_1));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }
}
