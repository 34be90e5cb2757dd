package dev.signrelay.testing.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The open sockets of another process, on Linux: proc_pid_fd(5), proc_pid_net(5). */
public final class OpenSockets {

  private static final List<String> TABLES = List.of("tcp", "tcp6", "udp", "udp6");
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private OpenSockets() {}

  /** The remote port of each internet socket; 0 if it is not connected. */
  public static List<Integer> remotePorts(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    Set<String> sockets = sockets(process.resolve("fd"));
    var ports = new ArrayList<Integer>();
    for (String table : TABLES) {
      List<String> lines = Files.readAllLines(process.resolve("net").resolve(table));
      for (String line : lines.subList(1, lines.size())) {
        String[] columns = line.strip().split("\\s+");
        if (sockets.contains("socket:[" + columns[INODE] + "]")) {
          String remote = columns[REMOTE];
          ports.add(Integer.parseInt(remote.substring(remote.indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  private static Set<String> sockets(Path files) throws IOException {
    var targets = new HashSet<String>();
    try (var open = Files.newDirectoryStream(files)) {
      for (Path file : open) {
        try {
          targets.add(Files.readSymbolicLink(file).toString());
        } catch (NoSuchFileException _) {
          // The file has been closed in the meantime.
        }
      }
    }
    return targets;
  }
}
