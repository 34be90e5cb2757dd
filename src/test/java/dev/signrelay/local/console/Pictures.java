package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.openqa.selenium.OutputType;

/**
 * Makes the pictures of the console for the documentation, each in the light and the dark scheme,
 * from a run with fixed messages and failures.
 */
public final class Pictures {

  private static final Map<String, String> SETTINGS =
      Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "10", "CALLBACK_MAX_ATTEMPTS", "9");

  private Pictures() {}

  public static void main(String[] args) throws IOException {
    try (ConsoleRun run = ConsoleRun.start(SETTINGS, 0);
        var page = new Page()) {
      page.frame(1280, 1300);
      page.openConsole(run.url("/"));
      run.change("/console/upstream/down");
      run.sign("contract 17, signed copy");
      page.awaitRow("contract 17, signed copy", "failed");
      run.change("/console/upstream/flaky");
      run.change("/console/receiver/500");
      String receipt = run.sign("receipt 8801");
      page.await(() -> assertThat(page.all("#job-list > li:first-child .mark.bad")).hasSize(3));
      run.change("/console/receiver/ok");
      page.awaitRow("receipt 8801", "delivered");
      for (int i = 41; i <= 46; i++) {
        run.sign("invoice 2026-00" + i);
      }
      page.awaitRow("invoice 2026-0046", "waiting");
      page.driver()
          .executeScript(
              "document.querySelector(arguments[0]).parentElement.firstElementChild.open = true",
              "a[href='#job/" + receipt + "']");
      save(page, "console");
      page.show("job/" + receipt);
      page.await(() -> assertThat(page.text("#signature-from")).isEqualTo("From its record."));
      save(page, "job-page");
    }
    System.exit(0); // the servers' threads
  }

  private static void save(Page page, String name) throws IOException {
    for (String scheme : List.of("light", "dark")) {
      page.prefer(scheme);
      byte[] png = page.driver().getScreenshotAs(OutputType.BYTES);
      write(png, Path.of("docs/images/%s-%s.png".formatted(name, scheme)));
    }
  }

  /** Chromium compresses for speed. */
  private static void write(byte[] png, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam smallest = writer.getDefaultWriteParam();
    smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    smallest.setCompressionQuality(0);
    Files.deleteIfExists(file);
    try (var out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      var image = new IIOImage(ImageIO.read(new ByteArrayInputStream(png)), null, null);
      writer.write(null, image, smallest);
    }
    System.out.printf("%s: %,d bytes%n", file, Files.size(file));
  }
}
