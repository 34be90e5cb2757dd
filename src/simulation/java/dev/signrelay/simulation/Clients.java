package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.JsonTree;
import dev.signrelay.local.LambdaFunction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Clients of the API, and the processes of SignFunction. Like in Lambda, each request is handled by
 * an idle process or a new one.
 */
final class Clients {

  /**
   * @param status the header {@code X-Sign-Status}
   */
  record Answer(String message, Instant sent, Instant at, String id, String status) {

    boolean isSigned() {
      return status.equals("signed");
    }
  }

  private final VirtualTime time;
  private final Supplier<LambdaFunction> functions;
  private final Deque<LambdaFunction> idle = new ArrayDeque<>();
  private final List<Answer> answers = new ArrayList<>();
  private int planned;

  Clients(VirtualTime time, Supplier<LambdaFunction> functions) {
    this.time = time;
    this.functions = functions;
  }

  /** Plans a request with a callback URL. */
  void requestWithCallback(Instant at, String message) {
    request(
        at, message, "message=" + message + "&callback_url=https%3A%2F%2Fclient.example%2Fsigned");
  }

  /** Plans a request without a callback URL. */
  void request(Instant at, String message) {
    request(at, message, "message=" + message);
  }

  private void request(Instant at, String message, String query) {
    planned++;
    time.start(
        at,
        () -> {
          LambdaFunction function = idle.isEmpty() ? functions.get() : idle.pop();
          JsonNode answer = function.invoke(event(query, time));
          idle.push(function);
          JsonNode headers = answer.path("headers");
          answers.add(
              new Answer(
                  message,
                  at,
                  time.instant(),
                  headers.path("X-Request-Id").asText(),
                  headers.path("X-Sign-Status").asText()));
        });
  }

  /** An event of API Gateway for a request that arrives now. */
  private static String event(String query, InstantSource time) {
    var event = JsonTree.object().put("rawQueryString", query);
    event.putObject("requestContext").put("timeEpoch", time.instant().toEpochMilli());
    return JsonTree.write(event);
  }

  /** Whether there are requests that have no response yet. */
  boolean areWaiting() {
    return answers.size() < planned;
  }

  /** Lets new processes handle the requests from now on. */
  void replaceIdle() {
    idle.clear();
  }

  List<Answer> answers() {
    return answers;
  }
}
