package dev.signrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.telemetry.JsonLines;
import dev.signrelay.telemetry.LogEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;

/** Assertions on log lines, whatever input they contain. */
public final class LogAssertions {

  /** The characters of log lines, headers and queue attributes: no line breaks. */
  public static final String VISIBLE = "[ -~]*";

  /** The characters of outcomes and reasons, in logs and in attributes of dead letters. */
  public static final String CODE = "[a-z0-9-]+";

  private LogAssertions() {}

  /** Each event is one line, and the line is one JSON object, in visible ASCII. */
  public static void isOneLineEach(Collection<LogEvent> events) {
    String text = written(events, "function");
    assertThat(text.split(System.lineSeparator(), -1)).hasSize(events.size() + 1);
    text.lines()
        .forEach(line -> assertThat(line).matches(VISIBLE).satisfies(l -> json(l).isObject()));
  }

  /** The events as a function writes them. */
  static String written(Collection<LogEvent> events, String function) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    events.forEach(new JsonLines(out, () -> Instant.EPOCH, function)::write);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  public static JsonNode json(String text) {
    try {
      return Json.read(text);
    } catch (MalformedJsonException e) {
      throw new AssertionError(text, e);
    }
  }
}
