package dev.signrelay.local;

import java.io.IOException;

/** The port that a server was configured with is already in use. */
final class PortTakenException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int port;

  PortTakenException(int port) {
    super("port " + port + " is already in use");
    this.port = port;
  }

  int port() {
    return port;
  }
}
