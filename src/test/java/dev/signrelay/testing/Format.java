package dev.signrelay.testing;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Formats every Java file with google-java-format: {@code mvn test-compile exec:exec@format}. */
public final class Format {

  private static final List<Path> FOLDERS = List.of(Path.of("examples"), Path.of("src"));

  private Format() {}

  public static void main() throws IOException {
    for (Path file : javaFiles()) {
      String formatted = formatted(file);
      if (!formatted.equals(Files.readString(file))) {
        Files.writeString(file, formatted);
        System.out.println("formatted " + file);
      }
    }
  }

  public static List<Path> javaFiles() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path folder : FOLDERS) {
      try (var files = Files.walk(folder)) {
        files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(all::add);
      }
    }
    return all;
  }

  public static String formatted(Path file) {
    try {
      String source = RemoveUnusedImports.removeUnusedImports(Files.readString(file));
      String ordered = ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE);
      return new Formatter().formatSource(ordered);
    } catch (FormatterException e) {
      throw new IllegalStateException(file + " cannot be read as Java: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
