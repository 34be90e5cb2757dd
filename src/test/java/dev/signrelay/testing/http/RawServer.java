package dev.signrelay.testing.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A TCP server on a free loopback port. A {@link ConnectionHandler} reads and writes each
 * connection, so it can violate HTTP in ways that an HTTP server library cannot. All requests that
 * were read are recorded.
 */
public final class RawServer implements AutoCloseable {

  /** Handles one connection, which is closed when the handler returns or throws. */
  @FunctionalInterface
  public interface ConnectionHandler {
    void handle(Connection connection) throws IOException;
  }

  /** The server's end of one connection. */
  public final class Connection {
    private final Socket socket;
    private final InputStream in;

    private Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
    }

    /**
     * @throws EOFException if the client has closed the connection
     */
    public RecordedRequest readRequest() throws IOException {
      var head = new ByteArrayOutputStream();
      do {
        int b = in.read();
        if (b < 0) {
          throw new EOFException();
        }
        head.write(b);
      } while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n"));
      var bodyless =
          new RecordedRequest(head.toString(StandardCharsets.ISO_8859_1).strip(), new byte[0]);
      String length = bodyless.header("Content-Length");
      byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
      var request = new RecordedRequest(bodyless.head(), body);
      requests.add(request);
      return request;
    }

    public void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    /** Returns when the client has closed the connection. */
    public void awaitClose() throws IOException {
      in.transferTo(OutputStream.nullOutputStream());
    }

    /** Makes the server close the connection with a reset. */
    public void resetOnClose() throws IOException {
      socket.setSoLinger(true, 0);
    }

    /** The same connection after a TLS handshake. */
    Connection secured(SSLContext tls) throws IOException {
      var secured =
          (SSLSocket)
              tls.getSocketFactory()
                  .createSocket(socket, null, listener.getLocalPort(), /* autoClose= */ true);
      secured.setUseClientMode(false);
      secured.startHandshake();
      return new Connection(secured);
    }

    /** Sends a key update (RFC 8446, 4.6.3). The connection must be {@linkplain #secured}. */
    public void updateKeys() throws IOException {
      ((SSLSocket) socket).startHandshake();
    }
  }

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  private volatile ConnectionHandler handler;

  private RawServer(ConnectionHandler handler, InetSocketAddress address, int backlog) {
    this.handler = handler;
    try {
      this.listener = new ServerSocket(address.getPort(), backlog, address.getAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static RawServer start(ConnectionHandler handler) {
    return startAt(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler);
  }

  /**
   * @param address a loopback address; port 0: any free port
   */
  public static RawServer startAt(InetSocketAddress address, ConnectionHandler handler) {
    var server = new RawServer(handler, address, 512);
    Thread.ofPlatform().daemon().start(server::accept);
    return server;
  }

  /** A server whose backlog is full, so that connecting to it hangs. */
  public static RawServer neverAccepting() throws IOException {
    var server =
        new RawServer(_ -> {}, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    try {
      while (true) {
        var filler = new Socket();
        server.open.add(filler);
        filler.connect(server.listener.getLocalSocketAddress(), 200);
      }
    } catch (SocketTimeoutException _) {
      return server;
    }
  }

  /** Replaces the handler of future connections. */
  public void handleWith(ConnectionHandler next) {
    handler = next;
  }

  public URI url(String rest) {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + rest);
  }

  public URI tlsUrl(String rest) {
    return URI.create("https://127.0.0.1:" + listener.getLocalPort() + rest);
  }

  /** A URL whose host is that of {@link LocalTls}' certificate. */
  public URI trustedUrl(String rest) {
    return URI.create("https://localhost:" + listener.getLocalPort() + rest);
  }

  /** The number of accepted connections. */
  public int connections() {
    return connections.get();
  }

  /** The number of connections that neither side has closed. */
  public int openConnections() {
    return open.size();
  }

  public List<RecordedRequest> requests() {
    return requests;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        connections.incrementAndGet();
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The server was closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      handler.handle(new Connection(socket));
    } catch (IOException _) {
      // The client or the test has closed the connection.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
