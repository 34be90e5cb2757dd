package dev.signrelay.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.signrelay.RetryHandlerFuzzTest;
import dev.signrelay.SignHandlerFuzzTest;
import dev.signrelay.callback.CallbackKeysFuzzTest;
import dev.signrelay.jobrecord.ItemFuzzTest;
import dev.signrelay.queue.JobCodecFuzzTest;
import dev.signrelay.request.ClientKeysFuzzTest;
import dev.signrelay.request.RequestHeadersFuzzTest;
import dev.signrelay.request.SignRequestFuzzTest;
import dev.signrelay.telemetry.JsonLinesFuzzTest;
import dev.signrelay.upstream.SigningReplyFuzzTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is fuzzed: properties of the seeded tests that hold for any input. This is the class that
 * Jazzer calls; its first argument is the name of a target, as its directory has it.
 */
public enum FuzzTarget {
  CACHE_ITEM(text(ItemFuzzTest::checkSignature)),
  CALLBACK_KEYS(text(CallbackKeysFuzzTest::check)),
  CLIENT_KEYS(text(ClientKeysFuzzTest::check)),
  CONTENT_TYPE(text(SignRequestFuzzTest::checkContentType)),
  LOG_LINES(text(lines -> JsonLinesFuzzTest.check(List.of(lines.split("\n", -1))))),
  QUEUE_MESSAGE(text(JobCodecFuzzTest::check)),
  RECORD_ITEM(text(ItemFuzzTest::checkRecord)),
  REQUEST_BODY(SignRequestFuzzTest::checkBody),
  REQUEST_HEADERS(text(RequestHeadersFuzzTest::check)),
  REQUEST_QUERY(text(SignRequestFuzzTest::checkQuery)),
  RETRY_BATCH(RetryHandlerFuzzTest::check),
  RETRY_EVENT(text(RetryHandlerFuzzTest::check)),
  SIGN_EVENT(SignHandlerFuzzTest::check),
  UPSTREAM_REPLY(SigningReplyFuzzTest::check);

  private static final Path CORPUS = Path.of("src/test/resources/fuzz");

  private static @Nullable FuzzTarget fuzzed;

  private final Consumer<byte[]> property;

  FuzzTarget(Consumer<byte[]> property) {
    this.property = property;
  }

  private static Consumer<byte[]> text(Consumer<String> property) {
    return bytes -> property.accept(new String(bytes, UTF_8));
  }

  /** The directory of the inputs that are kept. */
  Path corpus() {
    return CORPUS.resolve(name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** Checks the property for an input. */
  void check(byte[] input) {
    property.accept(input);
  }

  /** Jazzer calls it once. */
  public static void fuzzerInitialize(String[] args) {
    fuzzed = valueOf(args[0].toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Jazzer calls it for each input. */
  public static void fuzzerTestOneInput(byte[] input) {
    Objects.requireNonNull(fuzzed).check(input);
  }
}
