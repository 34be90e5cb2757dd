package dev.signrelay.local;

import java.io.IOException;

/** Another program listens on a port that is needed here. */
final class PortTakenException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int port;

  PortTakenException(int port) {
    super("port " + port + " is taken");
    this.port = port;
  }

  int port() {
    return port;
  }
}
