package dev.signrelay.testing;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The jars that are deployed to Lambda: the dependencies of the scope runtime, by name. */
public record RuntimeJars(List<Path> files) {

  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(jar -> jar.getFileName().toString());

  /** Reads the list that the build writes before the tests run. */
  public static RuntimeJars read() throws IOException {
    return read(Path.of(""));
  }

  /**
   * Reads the list of another project.
   *
   * @param project its folder, built
   */
  public static RuntimeJars read(Path project) throws IOException {
    String classPath = Files.readString(project.resolve("target/runtime-jars.txt")).strip();
    return new RuntimeJars(
        Stream.of(classPath.split(File.pathSeparator)).map(Path::of).sorted(BY_NAME).toList());
  }

  /** The SHA-256 of a jar, in hexadecimal digits. */
  public static String sha256(Path jar) throws IOException {
    try {
      byte[] content = Files.readAllBytes(jar);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every JDK has it
    }
  }

  /** The size of the package for Lambda: these jars and our classes, zipped as by SAM. */
  public long zippedPackageBytes() throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(zipped)) {
      for (Path jar : files) {
        add(zip, "lib/" + jar.getFileName(), jar);
      }
      Path classes = Path.of("target/classes");
      try (Stream<Path> all = Files.walk(classes)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          add(zip, classes.relativize(file).toString(), file);
        }
      }
    }
    return zipped.size();
  }

  private static void add(ZipOutputStream zip, String name, Path file) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    Files.copy(file, zip);
  }
}
