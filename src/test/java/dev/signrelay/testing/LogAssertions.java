package dev.signrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.telemetry.JsonLines;
import dev.signrelay.telemetry.LogEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;

/** What must hold of what is written, whatever it was made of. */
public final class LogAssertions {

  /** What a log line, a header and a queue attribute are made of: no break fits in. */
  public static final String VISIBLE = "[ -~]*";

  /** Outcomes and reasons, in logs and in attributes of dead letters. */
  public static final String CODE = "[a-z0-9-]+";

  private LogAssertions() {}

  /** Each event is one line, and the line is one JSON object, in visible ASCII. */
  public static void isOneLineEach(Collection<LogEvent> events) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    events.forEach(new JsonLines(out, () -> Instant.EPOCH, "function")::write);
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text.split(System.lineSeparator(), -1)).hasSize(events.size() + 1);
    text.lines()
        .forEach(line -> assertThat(line).matches(VISIBLE).satisfies(l -> json(l).isObject()));
  }

  public static JsonNode json(String text) {
    try {
      return Json.read(text);
    } catch (Json.MalformedJsonException e) {
      throw new AssertionError(text, e);
    }
  }
}
