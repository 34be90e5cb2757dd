package dev.signrelay.system;

import static dev.signrelay.system.Canaries.ALL;
import static dev.signrelay.system.Canaries.KEYS;
import static dev.signrelay.system.Canaries.SIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Canary;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.RecordedRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * No secret leaks on any path. All secrets are canary values, and every kind of failure occurs. A
 * canary may only reach its intended recipient: the upstream receives its key and the message, the
 * receiver the URL and the signature.
 */
@Timeout(300)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
@ResourceLock(Resources.SYSTEM_ERR)
@Order(1)
final class LeakIT {

  @AutoClose private final LeakySystem system = new LeakySystem();

  LeakIT() throws IOException {}

  @Test
  void noSecretLeaksOnAnyPath() throws Exception {
    system.runEveryPath();

    assertThat(Canary.in(ALL, system.captured.everything())).isEmpty();
    assertThat(Canary.in(ALL, system.answersWithoutSignatures())).isEmpty();
    assertThat(Canary.in(KEYS, system.answers.stream().map(HttpResponse::body))).isEmpty();
    assertThat(Canary.in(ALL, attributes())).isEmpty();
    assertThat(Canary.in(KEYS, system.deadLetters.stream().map(Message::body))).isEmpty();
    checkCallbacks();
    checkCoverage();
  }

  private Stream<String> attributes() {
    return system.deadLetters.stream().map(letter -> letter.messageAttributes().toString());
  }

  /** The libraries' SLF4J loggers are disabled at every level. */
  @Test
  void theLoggersOfLibrariesAreDisabled() {
    assertThat(LoggerFactory.getLogger("org.apache.hc.client5.http.wire").isErrorEnabled())
        .isFalse();
    assertThat(LoggerFactory.getLogger("software.amazon.awssdk.request").isErrorEnabled())
        .isFalse();
  }

  private void checkCallbacks() {
    assertThat(system.receiver.requests())
        .isNotEmpty()
        .allSatisfy(
            request -> {
              String headers = request.head().substring(request.head().indexOf('\n'));
              assertThat(Canary.in(ALL, Stream.of(headers))).isEmpty();
              assertThat(Canary.in(KEYS, Stream.of(body(request)))).isEmpty();
              assertThat(request.headerNames())
                  .contains("webhook-id", "webhook-signature")
                  .doesNotContain("x-forged");
              assertThat(LogAssertions.json(body(request)).path("data").asText("none"))
                  .isEqualTo(request.head().contains("-failed\r\n") ? "none" : SIGNED);
            });
  }

  private void checkCoverage() {
    assertThat(system.values("event"))
        .contains(
            "signing attempt",
            "callback attempt",
            "failure notice",
            "request refused",
            "malformed queue message",
            "dispatch",
            "rate limiter unavailable");
    assertThat(system.values("decision"))
        .contains("answer", "requeue", "deliver", "wait-in-line", "complete", "dead-letter");
    assertThat(system.values("outcome"))
        .contains(
            "signed",
            "http-500",
            "http-503",
            "http-429",
            "http-401",
            "http-403",
            "http-302",
            "http-422",
            "not-text",
            "oversized-body",
            "empty-body",
            "timeout",
            "disconnected",
            "malformed",
            "http-204",
            "http-410",
            "connect",
            "unknown-host",
            "forbidden-url",
            "tls");
    assertThat(system.deadLetters)
        .extracting(letter -> Probe.attribute(letter, "reason"))
        .contains(
            "signing-exhausted",
            "message-rejected",
            "callback-exhausted",
            "callback-gone",
            "callback-forbidden",
            "malformed");
    assertThat(system.answers)
        .extracting(HttpResponse::statusCode)
        .containsOnly(200, 400, 401, 503);
    assertThat(system.captured.libraryRecords()).isNotEmpty();
  }

  private static String body(RecordedRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }
}
