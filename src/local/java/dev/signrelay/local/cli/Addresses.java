package dev.signrelay.local.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks the addresses that the local run is to listen on, before anything is started. */
final class Addresses {

  private Addresses() {}

  /**
   * @param ports by the options that choose them; 0: any free port
   * @throws IllegalArgumentException if the address is not one of this machine, two ports are the
   *     same, or ports are taken; it names all of them
   */
  static void check(String bind, Map<String, Integer> ports) {
    if (isTaken(bind, 0)) {
      throw new IllegalArgumentException(
          "--bind requires an address of this machine, but was %s. The default is 127.0.0.1"
              .formatted(bind));
    }
    var options = new HashMap<Integer, String>();
    ports.forEach(
        (option, port) -> {
          String other = port == 0 ? null : options.putIfAbsent(port, option);
          if (other != null) {
            throw new IllegalArgumentException(
                "%s and %s must be different ports, but are both %d"
                    .formatted(other, option, port));
          }
        });
    String taken =
        ports.entrySet().stream()
            .filter(port -> isTaken(bind, port.getValue()))
            .map(port -> "%d (%s)".formatted(port.getValue(), port.getKey()))
            .collect(Collectors.joining(", "));
    if (!taken.isEmpty()) {
      throw new IllegalArgumentException(
          "Already in use: port %s. Stop the other program, or choose other ports with these options"
              .formatted(taken));
    }
  }

  private static boolean isTaken(String bind, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
      return false;
    } catch (IOException _) {
      return true;
    }
  }
}
