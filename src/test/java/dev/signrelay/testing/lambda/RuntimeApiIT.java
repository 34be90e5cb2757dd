package dev.signrelay.testing.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.testing.lambda.RuntimeApi.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The runtime API against a function that is no process, but this test. */
final class RuntimeApiIT {

  private final AtomicLong ticks = new AtomicLong();
  private final HttpClient function = HttpClient.newHttpClient();
  private RuntimeApi api;

  @BeforeEach
  void start() throws IOException {
    api = new RuntimeApi(() -> new ProcessTime(ticks.incrementAndGet(), Duration.ZERO));
  }

  @AfterEach
  void stop() {
    api.close();
    function.close();
  }

  @Test
  void anEventIsHandedOverWhenTheFunctionAsksAndItsAnswerComesBack() throws Exception {
    api.invoke(() -> "event".getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> next = get("invocation/next");
    String id = next.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
    int status = post("invocation/" + id + "/response", "answer");

    ProcessTime asked = api.awaitAsked();
    ProcessTime handedOver = api.awaitHandedOver();
    Reply reply = api.awaitReply();
    assertThat(next.body()).isEqualTo("event");
    assertThat(next.headers().firstValueAsLong("Lambda-Runtime-Deadline-Ms").orElseThrow())
        .isGreaterThan(Instant.now().toEpochMilli());
    assertThat(next.headers().firstValue("Lambda-Runtime-Invoked-Function-Arn")).isPresent();
    assertThat(status).isEqualTo(202);
    assertThat(reply.text()).isEqualTo("answer");
    assertThat(asked.nanos()).isLessThan(handedOver.nanos());
    assertThat(handedOver.nanos()).isLessThan(reply.at().nanos());
  }

  @Test
  void aRestoreComesBeforeTheFirstEvent() throws Exception {
    api.restore();
    api.invoke(() -> new byte[] {'e'});
    assertThat(get("restore/next").statusCode()).isEqualTo(200);
    get("invocation/next");

    assertThat(api.awaitRestored().nanos()).isLessThan(api.awaitHandedOver().nanos());
  }

  @Test
  void aFunctionThatFailsIsNoMeasurement() throws Exception {
    api.invoke(() -> new byte[] {'e'});
    get("invocation/next");
    post("invocation/some-id/error", "out of luck");

    assertThatIllegalStateException()
        .isThrownBy(api::awaitReply)
        .withMessageContaining("out of luck");
  }

  @Test
  void aFunctionThatCannotStartIsNoMeasurement() throws Exception {
    post("init/error", "no such setting");

    assertThatIllegalStateException()
        .isThrownBy(api::awaitAsked)
        .withMessageContaining("no such setting");
  }

  private HttpResponse<String> get(String call) throws IOException, InterruptedException {
    return function.send(HttpRequest.newBuilder(url(call)).build(), BodyHandlers.ofString());
  }

  private int post(String call, String body) throws IOException, InterruptedException {
    return function
        .send(
            HttpRequest.newBuilder(url(call)).POST(BodyPublishers.ofString(body)).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private URI url(String call) {
    return URI.create("http://" + api.address() + "/2018-06-01/runtime/" + call);
  }
}
