package dev.signrelay.testing.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * A loopback port that refuses connections. A bound socket that does not listen reserves the port.
 * The port of a closed server could be reused by another test.
 */
public final class RefusingPort implements AutoCloseable {

  private final Socket socket = new Socket();

  public RefusingPort() throws IOException {
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
