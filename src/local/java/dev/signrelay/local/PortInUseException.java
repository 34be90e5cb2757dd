package dev.signrelay.local;

import java.io.IOException;

/** The port that a server was configured with is already in use. */
public final class PortInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int port;

  PortInUseException(int port) {
    super("port " + port + " is already in use");
    this.port = port;
  }

  public int port() {
    return port;
  }
}
