package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.client.ClientPlaces.Answer.NoneLeft;
import dev.signrelay.client.ClientPlaces.Answer.Taken;
import dev.signrelay.job.JobQueue;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeClientPlaces.Asked;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of clients with names, and the bound of a client's jobs in line. */
final class SignWorkflowClientTest {

  private static final String JOB = "message=hello&callback_url=https://receiver.example/";
  private static final String KEY = "0123456789abcdef";
  private static final NoneLeft NONE_LEFT = new NoneLeft(Duration.ofMillis(41_500));

  private final FakeServices fakes =
      new FakeServices()
          .with("JOB_TABLE", "jobs")
          .with("CLIENT_API_KEYS", "shop:" + KEY)
          .with("CLIENT_MAX_WAITING", "10");

  @BeforeEach
  void waitInLine() {
    fakes.limiter.wait = Duration.ofMinutes(2);
    fakes.limiter.expectedWait = Duration.ofMinutes(3);
  }

  @Test
  void theClientIsInTheLogAndInTheJob() {
    handle(Map.of("x-api-key", KEY));

    assertThat(fakes.log)
        .singleElement()
        .satisfies(event -> assertThat(event.fields()).containsEntry("client", "shop"));
    assertThat(fakes.sent)
        .extracting(Sent::job)
        .singleElement()
        .satisfies(job -> assertThat(job.acceptance().client()).isEqualTo("shop"));
  }

  @Test
  void aRequestWithoutAValidKeyHasNoClientInTheLog() {
    handle(Map.of("x-api-key", KEY + "0"));

    assertThat(fakes.log)
        .singleElement()
        .satisfies(event -> assertThat(event.fields()).doesNotContainKey("client"));
  }

  @Test
  void aJobForTheLineTakesAPlaceForTheExpectedWait() {
    assertThat(handle(Map.of("x-api-key", KEY)).getHeaders())
        .containsEntry("X-Sign-Status", "queued");

    assertThat(fakes.places.asked)
        .containsExactly(new Asked("shop", Duration.ofMinutes(3), Duration.ofMillis(400)));
  }

  @Test
  void withoutAPlaceTheJobIsNotStoredAndTheAnswerSaysWhenToRetry() {
    fakes.places.answer = NONE_LEFT;

    APIGatewayV2HTTPResponse response = handle(Map.of("x-api-key", KEY));

    assertThat(response.getStatusCode()).isEqualTo(429);
    assertThat(response.getHeaders())
        .containsEntry("Retry-After", "42")
        .containsEntry("X-Sign-Status", "unsigned");
    assertThat(response.getBody())
        .isEqualTo(
            "{\"success\":false,\"data\":null,"
                + "\"error\":\"Too many jobs of this client are waiting. Retry later.\"}");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.records.written).isEmpty();
  }

  @Test
  void aRefusedRequestWithAnIdempotencyKeyCanBeRepeatedAtOnce() {
    var headers = Map.of("x-api-key", KEY, "idempotency-key", "one");
    fakes.places.answer = NONE_LEFT;
    assertThat(handle(headers).getStatusCode()).isEqualTo(429);

    fakes.limiter.wait = Duration.ZERO;
    assertThat(handle(headers).getHeaders()).containsEntry("X-Sign-Status", "signed");
  }

  @Test
  void aPlaceIsGivenBackIfTheQueueDoesNotStoreTheJob() {
    fakes.queueIsDown = true;

    assertThat(handle(Map.of("x-api-key", KEY)).getStatusCode()).isEqualTo(503);
    assertThat(fakes.places.asked).hasSize(1);
    assertThat(fakes.places.givenBack).containsExactly(new Taken(1));
  }

  @Test
  void aJobThatExpiresWithinASecondDoesNotJoinTheLine() {
    handle(JOB + "&valid_for=1", Map.of("x-api-key", KEY));
    assertThat(fakes.places.asked).isEmpty();
    assertThat(fakes.sent).extracting(Sent::queue).containsExactly(JobQueue.RETRY);

    handle(JOB + "&valid_for=2", Map.of("x-api-key", KEY));
    assertThat(fakes.sent).extracting(Sent::queue).contains(JobQueue.LINE);
  }

  @Test
  void onlyAJobThatJoinsTheLineTakesAPlace() {
    fakes.limiter.wait = Duration.ZERO;
    handle(Map.of("x-api-key", KEY));
    fakes.limiter.wait = Duration.ofMinutes(2);
    handle("message=hello", Map.of("x-api-key", KEY));

    assertThat(fakes.places.asked).isEmpty();
  }

  @Test
  void withoutABoundNoPlaceIsTaken() {
    fakes.with("CLIENT_MAX_WAITING", "0");
    handle(Map.of("x-api-key", KEY));

    assertThat(fakes.places.asked).isEmpty();
    assertThat(fakes.sent).hasSize(1);
  }

  @Test
  void ifTheTableFailsTheJobIsStoredAndTheFailureLogged() {
    fakes.places.isDown = true;

    assertThat(handle(Map.of("x-api-key", KEY)).getHeaders())
        .containsEntry("X-Sign-Status", "queued");
    assertThat(fakes.sent).hasSize(1);
    assertThat(fakes.log).extracting(event -> event.name()).contains("client limit not checked");
  }

  private APIGatewayV2HTTPResponse handle(Map<String, String> headers) {
    return handle(JOB, headers);
  }

  private APIGatewayV2HTTPResponse handle(String query, Map<String, String> headers) {
    return new SignWorkflow(fakes.services())
        .handle(ApiEvents.request(query, fakes.time.instant(), headers), fakes.time.instant());
  }
}
