package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.quota.Quota;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests of clients with names, and the quota of a client's jobs. */
final class SignWorkflowClientTest {

  private static final String JOB = "message=hello&callback_url=https://receiver.example/";
  private static final String KEY = "0123456789abcdef";

  private final FakeServices fakes =
      new FakeServices()
          .with("JOB_TABLE", "jobs")
          .with("CLIENT_API_KEYS", "shop:" + KEY)
          .with("CLIENT_JOBS_PER_HOUR", "10");

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
  void aJobThatIsStoredTakesOneFromItsClientsQuota() {
    assertThat(handle(Map.of("x-api-key", KEY)).getHeaders())
        .containsEntry("X-Sign-Status", "queued");

    assertThat(fakes.quota.clients).containsExactly("shop");
    assertThat(fakes.limiter.joined).isOne();
    assertThat(fakes.quota.timeouts).containsExactly(Duration.ofMillis(400));
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheReasonWhyAJobWaitsItsClientsQuotaHolds(Reason reason) {
    reason.set(fakes);
    fakes.quota.left = 1;
    assertThat(handle(reason, Map.of("x-api-key", KEY)).getStatusCode()).isEqualTo(200);

    assertThat(handle(reason, Map.of("x-api-key", KEY)).getStatusCode()).isEqualTo(429);
    assertThat(fakes.sent).hasSize(1);
  }

  /** Why SignFunction stores a job. */
  private enum Reason {
    LINE,
    UPSTREAM_FAILS,
    LIMITER_DOWN,
    CLIENT_SENT_ITS_BODY_SLOWLY;

    void set(FakeServices fakes) {
      if (this != LINE) {
        fakes.limiter.wait = Duration.ZERO;
      }
      switch (this) {
        case LINE, CLIENT_SENT_ITS_BODY_SLOWLY -> {}
        case UPSTREAM_FAILS -> fakes.upstream = _ -> new Failed("http-503", null);
        case LIMITER_DOWN -> fakes.limiter.isDown = true;
      }
    }

    Duration age() {
      return this == CLIENT_SENT_ITS_BODY_SLOWLY ? Duration.ofSeconds(3) : Duration.ZERO;
    }
  }

  @Test
  void overTheQuotaTheJobIsNotStoredAndTheAnswerSaysWhenTheNextHourBegins() {
    fakes.time.advance(Quota.untilNextHour(fakes.time.instant()).minus(Duration.ofMillis(41_500)));
    fakes.quota.left = 0;

    APIGatewayV2HTTPResponse response = handle(Map.of("x-api-key", KEY));

    assertThat(response.getStatusCode()).isEqualTo(429);
    assertThat(response.getHeaders())
        .containsEntry("Retry-After", "42")
        .containsEntry("X-Sign-Status", "unsigned");
    assertThat(response.getBody())
        .isEqualTo(
            "{\"success\":false,\"data\":null,\"error\":"
                + "\"This client has stored as many jobs as it may in an hour. Retry later.\"}");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.records.written).isEmpty();
    assertThat(fakes.limiter.joined).isZero();
  }

  @Test
  void aRefusedRequestWithAnIdempotencyKeyCanBeRepeatedAtOnce() {
    var headers = Map.of("x-api-key", KEY, "idempotency-key", "one");
    fakes.quota.left = 0;
    assertThat(handle(headers).getStatusCode()).isEqualTo(429);

    fakes.limiter.wait = Duration.ZERO;
    assertThat(handle(headers).getHeaders()).containsEntry("X-Sign-Status", "signed");
  }

  @Test
  void aJobThatTheQueueDoesNotStoreIsGivenBack() {
    fakes.quota.left = 7;
    fakes.queueIsDown = true;

    assertThat(handle(Map.of("x-api-key", KEY)).getStatusCode()).isEqualTo(503);
    assertThat(fakes.quota.left).isEqualTo(7);
    assertThat(fakes.quota.clients).hasSize(2);
  }

  @Test
  void aJobThatExpiresBeforeItsCallCostsNothing() {
    handle(JOB + "&valid_for=1", Map.of("x-api-key", KEY));

    assertThat(fakes.quota.clients).isEmpty();
    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void aRequestThatIsAnsweredAtOnceCostsNothing() {
    handle("message=hello", Map.of("x-api-key", KEY));
    fakes.limiter.wait = Duration.ZERO;
    handle(Map.of("x-api-key", KEY));
    fakes.upstream = _ -> new Rejected("http-422");
    assertThat(handle(Map.of("x-api-key", KEY)).getHeaders())
        .containsEntry("X-Sign-Status", "rejected");

    assertThat(fakes.quota.clients).isEmpty();
  }

  @Test
  void withoutAQuotaNothingIsCounted() {
    fakes.with("CLIENT_JOBS_PER_HOUR", "0");
    handle(Map.of("x-api-key", KEY));

    assertThat(fakes.quota.clients).isEmpty();
    assertThat(fakes.sent).hasSize(1);
  }

  @Test
  void ifTheTableFailsTheJobIsStoredAndTheFailureLogged() {
    fakes.quota.isDown = true;

    assertThat(handle(Map.of("x-api-key", KEY)).getHeaders())
        .containsEntry("X-Sign-Status", "queued");
    assertThat(fakes.sent).hasSize(1);
    assertThat(fakes.log).extracting(event -> event.name()).contains("quota not checked");
  }

  /** Its client may have caused that the table does not answer in time. */
  @Test
  void ifTheTableFailsALateRequestIsNotAccepted() {
    fakes.quota.isDown = true;

    APIGatewayV2HTTPResponse late =
        handle(Reason.CLIENT_SENT_ITS_BODY_SLOWLY, Map.of("x-api-key", KEY));

    assertThat(late.getStatusCode()).isEqualTo(503);
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.quota.timeouts).containsExactly(Duration.ofMillis(150));
  }

  private APIGatewayV2HTTPResponse handle(Reason reason, Map<String, String> headers) {
    Instant now = fakes.time.instant();
    return new SignWorkflow(fakes.services())
        .handle(ApiEvents.request(JOB, now.minus(reason.age()), headers), now);
  }

  private APIGatewayV2HTTPResponse handle(Map<String, String> headers) {
    return handle(JOB, headers);
  }

  private APIGatewayV2HTTPResponse handle(String query, Map<String, String> headers) {
    return new SignWorkflow(fakes.services())
        .handle(ApiEvents.request(query, fakes.time.instant(), headers), fakes.time.instant());
  }
}
