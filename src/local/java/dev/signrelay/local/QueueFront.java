package dev.signrelay.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests on to an HTTP server on a loopback port, unless {@link IsolationPolicy} refuses
 * them. Each connection of a client has its own connection to the server.
 *
 * <p>Of a request's headers it passes on only {@link #HEADERS}. A server that accepts no more is
 * out of a browser's reach, even if a page finds its port.
 */
final class QueueFront implements AutoCloseable {

  /** What the server needs of a request. */
  static final List<String> HEADERS =
      List.of("Host", "Content-Type", "Content-Length", "X-Amz-Target");

  private static final int MAX_HEAD_BYTES = 64 * 1024;

  /** SQS takes 1 MiB in a request (Amazon SQS developer guide, "Message quotas"). */
  private static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

  private final ServerSocket listener = new ServerSocket();

  /** Platform threads, because virtual threads of other servers that compute keep the carriers. */
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("sqs-front-", 0).factory());

  /** The request line and the headers, with case-insensitive names. */
  private record Head(String line, Map<String, String> headers) {

    /** The bytes of the body; empty if the request does not say how many there are. */
    Optional<Integer> length() {
      String length = headers.getOrDefault("Content-Length", "0");
      return headers.containsKey("Transfer-Encoding") || !length.matches("\\d{1,8}")
          ? Optional.empty()
          : Optional.of(Integer.parseInt(length));
    }

    boolean isLast() {
      return headers.getOrDefault("Connection", "").equalsIgnoreCase("close");
    }

    byte[] passedOn(byte[] body) {
      var text = new StringBuilder(line).append("\r\n");
      HEADERS.stream()
          .filter(headers::containsKey)
          .forEach(n -> text.append(n).append(": ").append(headers.get(n)).append("\r\n"));
      byte[] head = text.append("\r\n").toString().getBytes(ISO_8859_1);
      return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
    }
  }

  /**
   * Listens, but accepts no connection before {@link #start}.
   *
   * @param port 0: any free port
   * @throws PortInUseException if the port is already in use
   */
  QueueFront(String bind, int port) throws IOException {
    try {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getByName(bind), port), 1_000);
    } catch (IOException _) {
      listener.close();
      throw new PortInUseException(port);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Begins to pass requests on. */
  void start(InetSocketAddress server) {
    threads.execute(
        () -> {
          while (!listener.isClosed()) {
            try {
              Socket client = listener.accept();
              threads.execute(() -> serve(client, server));
            } catch (IOException _) {
              // closed, or the client is already gone
            }
          }
        });
  }

  private void serve(Socket client, InetSocketAddress address) {
    try (client;
        var server = new Socket(address.getAddress(), address.getPort())) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Future<?> responses = threads.submit(() -> returnResponses(server, client));
      if (passOnRequests(client, server.getOutputStream())) {
        server.shutdownOutput();
        responses.get();
      }
    } catch (IOException | ExecutionException | InterruptedException _) {
      // one side has closed its connection, and the other one is closed now
    }
  }

  /**
   * @return true after the last request; false if one was refused or has no valid length
   */
  private static boolean passOnRequests(Socket client, OutputStream server) throws IOException {
    var in = new BufferedInputStream(client.getInputStream());
    for (Head head = read(in); head != null; head = read(in)) {
      Optional<Integer> length = head.length();
      Optional<String> refusal =
          IsolationPolicy.refusal(head.headers()::get, client.getLocalAddress(), true);
      if (length.isEmpty()) {
        respond(client, "411 Length Required", "");
        return false;
      }
      if (length.get() > MAX_BODY_BYTES) {
        respond(client, "413 Content Too Large", "");
        return false;
      }
      if (refusal.isPresent()) {
        in.skipNBytes(length.get()); // so that the client can read the response
        respond(client, "403 Forbidden", IsolationPolicy.body(refusal.get()));
        return false;
      }
      byte[] body = in.readNBytes(length.get());
      server.write(head.passedOn(body));
      if (head.isLast()) {
        break;
      }
    }
    return true;
  }

  /** Null at the end of the stream. */
  private static @Nullable Head read(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n", text.length() - 4) < 0) {
      int next = in.read();
      if (next < 0 || text.length() == MAX_HEAD_BYTES) {
        return null;
      }
      text.append((char) next);
    }
    List<String> lines = text.toString().lines().toList();
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    lines.stream()
        .skip(1)
        .map(line -> line.split(":", 2))
        .filter(header -> header.length == 2)
        .forEach(header -> headers.put(header[0], header[1].strip()));
    return new Head(lines.getFirst(), headers);
  }

  private static void returnResponses(Socket server, Socket client) {
    try (client) {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException _) {
      // one side has closed its connection, and the other one is closed now
    }
  }

  private static void respond(Socket client, String status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    String head =
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close"
            + "\r\n\r\n";
    client.getOutputStream().write(head.formatted(status, bytes.length).getBytes(ISO_8859_1));
    client.getOutputStream().write(bytes);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
