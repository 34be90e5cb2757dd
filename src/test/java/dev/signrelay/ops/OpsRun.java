package dev.signrelay.ops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** What the tool did, run in this process. */
public record OpsRun(int status, String output, String errors) {

  /**
   * @param input what is typed
   */
  public static OpsRun of(String input, String... arguments) {
    var output = new StringWriter();
    var errors = new StringWriter();
    int status =
        Ops.commandLine(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)))
            .setOut(new PrintWriter(output, true))
            .setErr(new PrintWriter(errors, true))
            .execute(arguments);
    return new OpsRun(status, output.toString(), errors.toString());
  }

  /** The output of a run that has to succeed. */
  public String printed() {
    if (status != 0) {
      throw new AssertionError("exit code " + status + ": " + errors + output);
    }
    return output;
  }

  /** The output, which has to be exactly one JSON document. */
  public JsonNode json() {
    try {
      return Json.read(output);
    } catch (MalformedJsonException e) {
      throw new AssertionError(output + errors, e);
    }
  }
}
