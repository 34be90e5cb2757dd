package dev.signrelay.system;

import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RecordedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upstream or a receiver whose behaviour is selected by the request ({@code do-503-}) and that
 * echoes the whole request in its status line, headers and body.
 *
 * @param ok the body of a successful response
 */
record EchoServer(String ok) implements RawServer.ConnectionHandler {

  private static final Pattern BEHAVIOUR = Pattern.compile("do-([a-z0-9]+)-");

  @Override
  public void handle(RawServer.Connection connection) throws IOException {
    RecordedRequest request = connection.readRequest();
    Matcher behaviour = BEHAVIOUR.matcher(request.head());
    String echo =
        request.head().replaceAll("\\s+", " ") + new String(request.body(), StandardCharsets.UTF_8);
    switch (behaviour.find() ? behaviour.group(1) : "200") {
      case "200" -> reply(connection, 200, "Content-Type: text/plain\r\n", ok);
      case "html" -> reply(connection, 200, "Content-Type: " + echo + "\r\n", echo);
      case "binary" ->
          connection.write(ConnectionHandlers.response(200, "", new byte[] {'a', -1, 0}));
      case "large" -> reply(connection, 200, "Content-Type: text/plain\r\n", echo.repeat(400));
      case "empty" -> reply(connection, 200, "Content-Type: text/plain\r\n", "\r\n");
      case "hang" -> connection.awaitClose();
      case "drop" -> connection.resetOnClose();
      case "babble" -> connection.write(echo + "\r\n\r\n" + echo);
      case "short" -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + echo);
      case String status -> reply(connection, Integer.parseInt(status), headers(echo), echo);
    }
  }

  private static String headers(String echo) {
    return "Location: http://127.0.0.1/?" + echo + "\r\nRetry-After: " + echo + "\r\n";
  }

  private static void reply(
      RawServer.Connection connection, int status, String headers, String body) throws IOException {
    connection.write(
        ConnectionHandlers.response(status, headers, body.getBytes(StandardCharsets.UTF_8)));
  }
}
