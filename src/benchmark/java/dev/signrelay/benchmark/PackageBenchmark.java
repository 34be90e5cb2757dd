package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The size of the deployment package, zipped as by SAM, and the classes that a request loads. */
record PackageBenchmark(Functions functions, Path folder) {

  private static final double MAX_MEGABYTES = 14;

  Section measure() throws Exception {
    double floor = classes(functions.floor(), "sign-0");
    double signed = classes(functions.sign(Functions.UNLIMITED), "sign-0");
    double queued = classes(functions.sign(Functions.UNLIMITED), "fail-0");
    return new Section(
        "Package",
        "1 MB is 1,000,000 bytes. Classes are those loaded until the first response.",
        List.of(
            Figure.of("Zipped", zippedBytes() / 1e6, "MB").atMost(MAX_MEGABYTES),
            Figure.of("Request signed", signed, "classes").ratioTo("floor", floor),
            Figure.of("Request queued", queued, "classes").ratioTo("floor", floor)));
  }

  private long zippedBytes() throws IOException {
    Path zip = folder.resolve("package.zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (Path root : functions.packaged()) {
        boolean isJar = Files.isRegularFile(root);
        try (var files = Files.walk(root)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            String name = isJar ? "lib/" + file.getFileName() : root.relativize(file).toString();
            out.putNextEntry(new ZipEntry(name));
            Files.copy(file, out);
          }
        }
      }
    }
    return Files.size(zip);
  }

  private double classes(FunctionConfig function, String message) throws Exception {
    Path log = folder.resolve("classes.log").toAbsolutePath();
    Files.deleteIfExists(log);
    FunctionConfig logging = function.with("-Xlog:class+load:file=" + log + "::filesize=0");
    try (var process = new FunctionProcess(logging, Start.ON_DEMAND, List.of())) {
      process.invoke(() -> Events.sign(message, functions.callbackUrl()));
      try (var lines = Files.lines(log)) {
        return lines.filter(line -> line.contains(" source: ")).count();
      }
    }
  }
}
