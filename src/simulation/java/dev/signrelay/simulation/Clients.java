package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Clients of the API. For each request there is a process of the function that works on nothing
 * else: an idle one, or a new one if there is none.
 */
final class Clients {

  /**
   * @param status what {@code X-Sign-Status} says
   */
  record Answer(String message, Instant asked, Instant at, String status) {

    boolean isSigned() {
      return status.equals("signed");
    }
  }

  private final VirtualTime time;
  private final Supplier<LambdaFunction> functions;
  private final Deque<LambdaFunction> idle = new ArrayDeque<>();
  private final List<Answer> answers = new ArrayList<>();

  Clients(VirtualTime time, Supplier<LambdaFunction> functions) {
    this.time = time;
    this.functions = functions;
  }

  /** Plans a request that names a callback. */
  void askWithCallback(Instant at, String message) {
    ask(at, message, "message=" + message + "&callback_url=https%3A%2F%2Fclient.example%2Fsigned");
  }

  /** Plans a request that names none. */
  void ask(Instant at, String message) {
    ask(at, message, "message=" + message);
  }

  private void ask(Instant at, String message, String query) {
    time.start(
        at,
        () -> {
          LambdaFunction function = idle.isEmpty() ? functions.get() : idle.pop();
          JsonNode answer = function.invoke(event(query));
          idle.push(function);
          String status = answer.path("headers").path("X-Sign-Status").asText();
          answers.add(new Answer(message, at, time.instant(), status));
        });
  }

  private String event(String query) {
    var event = Json.object().put("rawQueryString", query);
    event.putObject("requestContext").put("timeEpoch", time.instant().toEpochMilli());
    return Json.write(event);
  }

  List<Answer> answers() {
    return answers;
  }
}
