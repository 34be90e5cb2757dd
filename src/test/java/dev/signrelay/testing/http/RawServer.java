package dev.signrelay.testing.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on a free loopback port that does to each connection just what it is told, where an HTTP
 * library would be too well-behaved, and records what really arrived.
 */
public final class RawServer implements AutoCloseable {

  /** What to do with a connection; when it returns or throws, the connection is closed. */
  @FunctionalInterface
  public interface Behaviour {
    void serve(Connection connection) throws IOException;
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
     * @throws EOFException if the client has gone
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

    /** Returns when the client has closed its end. */
    public void awaitClient() throws IOException {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }

    /** Makes the close that follows a reset. */
    public void resetOnClose() throws IOException {
      socket.setSoLinger(true, 0);
    }
  }

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour;

  private RawServer(Behaviour behaviour, int backlog) {
    this.behaviour = behaviour;
    try {
      this.listener = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static RawServer start(Behaviour behaviour) {
    var server = new RawServer(behaviour, 512);
    Thread.ofPlatform().daemon().start(server::accept);
    return server;
  }

  /** Whose port is open, but where connecting hangs: its backlog is full. */
  public static RawServer neverAccepting() throws IOException {
    var server = new RawServer(_ -> {}, 1);
    try {
      while (true) {
        var filler = new Socket();
        server.open.add(filler);
        filler.connect(server.listener.getLocalSocketAddress(), 200);
      }
    } catch (java.net.SocketTimeoutException _) {
      return server;
    }
  }

  /** Does so from the next connection, or its next {@link Behaviour#serve}, on. */
  public void become(Behaviour next) {
    behaviour = next;
  }

  public URI url(String rest) {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + rest);
  }

  public URI tlsUrl(String rest) {
    return URI.create("https://127.0.0.1:" + listener.getLocalPort() + rest);
  }

  public int connections() {
    return connections.get();
  }

  /** How many connections neither side has closed yet. */
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
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      behaviour.serve(new Connection(socket));
    } catch (IOException _) {
      // the client, or the test, has gone
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
