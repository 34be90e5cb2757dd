package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Figure.Beside;
import dev.signrelay.benchmark.Target.AtMost;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** How large the package is, zipped as SAM zips it, and how many classes a first request loads. */
record PackageSize(ClassPaths classPaths, Functions functions) {

  private static final double PROMISED_MEGABYTES = 14;

  Section measure() throws IOException, InterruptedException, TimeoutException {
    double hello = classes(functions.hello(), Events.sign("sign-0"));
    byte[] signed = Events.sign("sign-0", functions.callbackUrl());
    byte[] failed = Events.sign("fail-0", functions.callbackUrl());
    return new Section(
        "Package",
        "MB are 1,000,000 bytes.",
        List.of(
            Figure.of("Zipped", zippedMegabytes(), "MB").promised(new AtMost(PROMISED_MEGABYTES)),
            Figure.of(
                    "Classes loaded until the first request is signed",
                    classes(functions.sign(), signed),
                    "classes")
                .beside(Beside.ratio("floor", hello)),
            Figure.of(
                    "Classes loaded until the first request is queued",
                    classes(functions.sign(), failed),
                    "classes")
                .beside(Beside.ratio("floor", hello))));
  }

  private double zippedMegabytes() throws IOException {
    Path zip = Path.of("target", "benchmark", "package.zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (Path part : classPaths.packaged()) {
        if (Files.isDirectory(part)) {
          add(out, part);
        } else {
          add(out, part, "lib/" + part.getFileName());
        }
      }
    }
    double megabytes = Files.size(zip) / 1e6;
    Files.delete(zip);
    return megabytes;
  }

  private static void add(ZipOutputStream out, Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        add(out, file, folder.relativize(file).toString());
      }
    }
  }

  private static void add(ZipOutputStream out, Path file, String name) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    Files.copy(file, (OutputStream) out);
    out.closeEntry();
  }

  private static double classes(FunctionConfig function, byte[] event)
      throws IOException, InterruptedException, TimeoutException {
    Path log = Path.of("target", "benchmark", "classes.log").toAbsolutePath();
    Files.deleteIfExists(log);
    FunctionConfig logging = function.with("-Xlog:class+load:file=" + log + "::filesize=0");
    try (var process = new FunctionProcess(logging, Start.ON_DEMAND, List.of())) {
      process.invoke(() -> event);
      try (var lines = Files.lines(log)) {
        return lines.filter(line -> line.contains(" source: ")).count();
      }
    }
  }
}
