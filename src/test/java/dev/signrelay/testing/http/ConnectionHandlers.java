package dev.signrelay.testing.http;

import dev.signrelay.testing.http.RawServer.Connection;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Connection handlers of a {@link RawServer}, correct and faulty. */
public final class ConnectionHandlers {

  private static final long TRICKLE_INTERVAL = TimeUnit.MILLISECONDS.toNanos(20);

  private ConnectionHandlers() {}

  /** Answers every request of a connection and keeps it open. */
  public static ConnectionHandler answers(int status, String headers, byte[] body) {
    return connection -> {
      while (true) {
        connection.readRequest();
        connection.write(response(status, headers, body));
      }
    };
  }

  public static ConnectionHandler answers(int status, String body) {
    return answers(status, "", body.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads the request, writes any text, and waits until the client closes the connection. */
  public static ConnectionHandler writes(String raw) {
    return afterRequest(raw, Connection::awaitClose);
  }

  /** Reads the request, writes any text, and closes the connection. */
  public static ConnectionHandler writesAndCloses(String raw) {
    return afterRequest(raw, _ -> {});
  }

  /** Reads the request, writes any text, and resets the connection. */
  public static ConnectionHandler writesAndResets(String raw) {
    return afterRequest(raw, Connection::resetOnClose);
  }

  /** Writes the start, then repeats the rest as fast as the client reads it. */
  public static ConnectionHandler floods(String start, String rest) {
    return afterRequest(
        start,
        connection -> {
          while (true) {
            connection.write(rest);
          }
        });
  }

  /** Writes the start, then repeats the rest every 20 ms. */
  public static ConnectionHandler trickles(String start, String rest) {
    return afterRequest(
        start,
        connection -> {
          while (true) {
            LockSupport.parkNanos(TRICKLE_INTERVAL);
            connection.write(rest);
          }
        });
  }

  private static ConnectionHandler afterRequest(String start, ConnectionHandler next) {
    return connection -> {
      connection.readRequest();
      connection.write(start);
      next.handle(connection);
    };
  }

  /** Handles a connection after a delay, such as that of a slow TLS handshake. */
  public static ConnectionHandler after(Duration delay, ConnectionHandler handler) {
    return connection -> {
      LockSupport.parkNanos(delay.toNanos());
      handler.handle(connection);
    };
  }

  /** Writes any text without reading a request, and waits until the client closes. */
  public static ConnectionHandler answersImmediately(String raw) {
    return connection -> {
      connection.write(raw);
      connection.awaitClose();
    };
  }

  /**
   * @param headers each ends with CRLF; {@code Content-Length} is added
   */
  public static byte[] response(int status, String headers, byte[] body) {
    String head = "HTTP/1.1 " + status + " Status\r\n" + headers + "Content-Length: " + body.length;
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }
}
