package dev.signrelay;

import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.json.Json;
import dev.signrelay.limit.NoLimit;
import dev.signrelay.log.JsonLines;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import dev.signrelay.upstream.SigningOutcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A request that stays in the process: what it loads and initialises, the first real request finds
 * ready. Nothing is called, queued or logged.
 */
final class Rehearsal {

  private Rehearsal() {}

  /**
   * @return the answer, which shows how far the request came
   */
  static String run(Wiring parts) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var rehearsing =
        new Wiring(
            parts.config(),
            (_, _, _) -> new SigningOutcome.Unsigned("rehearsal", null),
            (_, _, _, _) -> new DeliveryOutcome.Undelivered("rehearsal", null),
            new NoLimit(parts.clock()),
            new Nowhere(),
            parts.policy(),
            parts.clock(),
            _ -> true,
            parts.random(),
            parts.ids(),
            new JsonLines(nowhere, parts.clock()));
    var answer = new ByteArrayOutputStream();
    try {
      new SignHandler(rehearsing)
          .handleRequest(new ByteArrayInputStream(event(parts.config())), answer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    parts.limiter().prepare();
    parts.queue().prepare();
    return answer.toString(StandardCharsets.UTF_8);
  }

  /** One that is accepted, so that the rehearsal gets to the queue. */
  private static byte[] event(Config config) {
    String url = URLEncoder.encode(config.callbackTargets().example(), StandardCharsets.UTF_8);
    String key = config.clientKeys().keys().stream().findFirst().orElse("");
    return Json.writeAscii(
            Map.of(
                "rawQueryString",
                "message=m&callback_url=" + url,
                "headers",
                Map.of("x-api-key", key)))
        .getBytes(StandardCharsets.UTF_8);
  }

  private record Nowhere() implements RetryQueue {
    @Override
    public void send(Job job, Duration delay, Duration timeout) {}

    @Override
    public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {}

    @Override
    public void prepare() {}
  }
}
