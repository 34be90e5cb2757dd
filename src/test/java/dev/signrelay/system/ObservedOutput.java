package dev.signrelay.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RecordedRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Everything that a {@link LeakySystem} has emitted: log lines, responses, callbacks and dead
 * letters.
 *
 * @param answers the responses to the clients, in the order of their requests
 */
record ObservedOutput(
    CapturedOutput captured,
    RawServer receiver,
    List<HttpResponse<String>> answers,
    List<Message> deadLetters) {

  /** The functions' log lines, the libraries' log records and both standard streams. */
  Stream<String> log() {
    return captured.everything();
  }

  Stream<JsonNode> lines() {
    return captured.functionLines().stream().map(LogAssertions::json);
  }

  Set<String> values(String field) {
    return lines().map(line -> line.path(field).asText()).collect(Collectors.toSet());
  }

  /** The headers and bodies of all responses, without the bodies that contain a signature. */
  Stream<String> answersWithoutSignatures() {
    return answers.stream().flatMap(ObservedOutput::withoutSignature);
  }

  private static Stream<String> withoutSignature(HttpResponse<String> answer) {
    boolean signed = answer.headers().firstValue("X-Sign-Status").orElse("").equals("signed");
    return Stream.of(answer.headers().map().toString(), signed ? "" : answer.body());
  }

  Stream<String> bodies() {
    return answers.stream().map(HttpResponse::body);
  }

  Set<Integer> statuses() {
    return answers.stream().map(HttpResponse::statusCode).collect(Collectors.toSet());
  }

  List<RecordedRequest> callbacks() {
    return receiver.requests();
  }

  Stream<String> deadLetterAttributes() {
    return deadLetters.stream().map(m -> m.messageAttributes().toString());
  }

  Stream<String> deadLetterBodies() {
    return deadLetters.stream().map(Message::body);
  }

  Set<String> deadLetterReasons() {
    return deadLetters.stream().map(m -> Probe.attribute(m, "reason")).collect(Collectors.toSet());
  }
}
