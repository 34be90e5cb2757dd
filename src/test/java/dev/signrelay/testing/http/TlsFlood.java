package dev.signrelay.testing.http;

import dev.signrelay.testing.http.RawServer.Connection;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;

/**
 * Servers that send TLS records without pause, none of which has data for the client's program. A
 * client that reads them computes all the time: no read of its socket ever waits, so that neither a
 * timeout of the socket nor an interrupt ends it.
 */
public enum TlsFlood implements ConnectionHandler {

  /** Warnings that the handshake is canceled (RFC 8446, 6.1). They have no effect by themselves. */
  CANCELLATIONS {
    @Override
    public void handle(Connection connection) throws IOException {
      var alerts = new ByteArrayOutputStream();
      while (alerts.size() < 16_384) {
        alerts.writeBytes(USER_CANCELED);
      }
      while (true) {
        connection.write(alerts.toByteArray());
      }
    }
  },

  /** Key updates after the handshake, each of which the client answers. */
  KEY_UPDATES {
    @Override
    public void handle(Connection connection) throws IOException {
      LocalTls.secured(KEY_UPDATES::update).handle(connection);
    }
  };

  /** A plain text alert of the level "warning". */
  private static final byte[] USER_CANCELED = HexFormat.of().parseHex("1503030002015a");

  void update(Connection connection) throws IOException {
    Thread.ofPlatform().daemon().start(() -> read(connection));
    while (true) {
      connection.updateKeys();
    }
  }

  private static void read(Connection connection) {
    try {
      connection.awaitClose();
    } catch (IOException _) {
      // The client has closed the connection.
    }
  }
}
