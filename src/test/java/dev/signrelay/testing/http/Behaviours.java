package dev.signrelay.testing.http;

import dev.signrelay.testing.http.RawServer.Behaviour;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a {@link RawServer} can be told to do. */
public final class Behaviours {

  private static final long TRICKLE = TimeUnit.MILLISECONDS.toNanos(20);

  private Behaviours() {}

  /** Answers every request of a connection, which it keeps open. */
  public static Behaviour answers(int status, String headers, byte[] body) {
    return connection -> {
      while (true) {
        connection.readRequest();
        connection.write(response(status, headers, body));
      }
    };
  }

  public static Behaviour answers(int status, String body) {
    return answers(status, "", body.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers one request, then does something else on the same connection. */
  public static Behaviour answersThen(String body, Behaviour next) {
    return connection -> {
      connection.readRequest();
      connection.write(response(200, "", body.getBytes(StandardCharsets.UTF_8)));
      next.serve(connection);
    };
  }

  /** Reads the request and writes bytes that need not be HTTP, then waits for the client to go. */
  public static Behaviour writes(String raw) {
    return connection -> {
      connection.readRequest();
      connection.write(raw);
      connection.awaitClient();
    };
  }

  /** Reads the request, writes bytes, and closes. */
  public static Behaviour writesAndCloses(String raw) {
    return connection -> {
      connection.readRequest();
      connection.write(raw);
    };
  }

  /** Reads the request, writes bytes, and resets the connection. */
  public static Behaviour writesAndResets(String raw) {
    return connection -> {
      connection.readRequest();
      connection.write(raw);
      connection.resetOnClose();
    };
  }

  /** Writes the beginning, then the rest over and over as fast as the client takes it. */
  public static Behaviour floods(String beginning, String rest) {
    return connection -> {
      connection.readRequest();
      connection.write(beginning);
      while (true) {
        connection.write(rest);
      }
    };
  }

  /** Writes the beginning, then a byte now and then, for ever. */
  public static Behaviour trickles(String beginning, String aByte) {
    return connection -> {
      connection.readRequest();
      connection.write(beginning);
      while (true) {
        LockSupport.parkNanos(TRICKLE);
        connection.write(aByte);
      }
    };
  }

  /** Answers without having read a request, as a server does that cannot make sense of it. */
  public static Behaviour answersUnasked(String raw) {
    return connection -> {
      connection.write(raw);
      connection.awaitClient();
    };
  }

  public static byte[] response(int status, String headers, byte[] body) {
    String head =
        "HTTP/1.1 " + status + " Whatever\r\n" + headers + "Content-Length: " + body.length;
    byte[] start = (head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = java.util.Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return whole;
  }
}
