package dev.signrelay.local.history;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A file with the events of this and former runs, one line of JSON each. It contains messages and
 * signatures: only its owner may read it.
 */
public final class KeptHistory implements AutoCloseable {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final FileChannel channel;
  private final Consumer<String> warnings;
  private boolean failed;

  private KeptHistory(Path file, FileChannel channel, Consumer<String> warnings) {
    this.file = file;
    this.channel = channel;
    this.warnings = warnings;
  }

  /**
   * Opens or creates the file. The permissions of one that is present are changed.
   *
   * @param warnings gets a text if lines are not kept or cannot be read
   * @throws IOException whose message names the file, if it cannot be written
   */
  public static KeptHistory open(Path file, Consumer<String> warnings) throws IOException {
    try {
      boolean hasPermissions = file.getFileSystem().supportedFileAttributeViews().contains("posix");
      FileAttribute<?>[] permissions =
          hasPermissions
              ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
              : new FileAttribute<?>[0];
      if (hasPermissions && Files.isRegularFile(file)) {
        Files.setPosixFilePermissions(file, OWNER_ONLY);
      }
      FileChannel channel = FileChannel.open(file, Set.of(CREATE, WRITE, APPEND), permissions);
      return new KeptHistory(file, channel, warnings);
    } catch (IOException e) {
      String reason =
          switch (e) {
            case NoSuchFileException _ -> "its directory does not exist";
            case AccessDeniedException _ -> "access is denied";
            default -> e.getMessage();
          };
      throw new IOException(
          "--keep %s: the file cannot be written (%s)".formatted(file, reason), e);
    }
  }

  public void loadInto(Histories histories) throws IOException {
    long malformed = 0;
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      for (String line : (Iterable<String>) lines.filter(line -> !line.isBlank())::iterator) {
        Optional<JobEvent> event = JobEvent.read(line);
        event.ifPresent(histories::load);
        malformed += event.isEmpty() ? 1 : 0;
      }
    }
    if (malformed > 0) {
      warnings.accept(
          "--keep %s: %d lines are no events; they are skipped".formatted(file, malformed));
    }
  }

  /** Appends an event. A failure is reported once, until one succeeds again. */
  public synchronized void append(JobEvent event) {
    try {
      // The line before may be incomplete: a write failed, or the former run was killed.
      String line = "\n" + event.line();
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        warnings.accept("--keep %s: events are not kept (%s)".formatted(file, e.getMessage()));
      }
      failed = true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
