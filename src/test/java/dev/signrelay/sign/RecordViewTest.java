package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.SignHandler;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeJobTable.Method;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.LogAssertions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for the records of jobs. */
final class RecordViewTest {

  private static final Instant NOW = FakeServices.START;
  private static final String KEY = "client-key-0123456789";
  private static final String OTHER_KEY = "other-key-0123456789";
  private static final String UNKNOWN =
      "{\"success\":false,\"data\":null,\"error\":\"There is no such job, its record is no longer"
          + " kept, or it is another client's.\"}";

  private final SignFixture fixture = new SignFixture();
  private final FakeServices fakes = fixture.fakes.with("JOB_TABLE", "jobs");

  @Test
  void aRecordIsAnsweredWithAllItsMembersInOrder() {
    fakes.jobTable.store(
        new JobRecord(
            "id-1",
            JobStatus.DELIVERING,
            7,
            "",
            NOW.minusSeconds(90),
            3,
            2,
            "signature",
            "http-500",
            NOW.plusMillis(29_001),
            "a-reason"));

    APIGatewayV2HTTPResponse response = ask("id-1");

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getBody())
        .isEqualTo(
            """
            {"success":true,"data":{"id":"id-1","status":"delivering","signature":"signature",\
            "accepted_at":"2026-11-23T11:58:30Z","attempts":3,"deliveries":2,\
            "last_outcome":"not-delivered","next_attempt_at":"2026-11-23T12:00:29.001Z",\
            "reason":"a-reason"}}""");
    assertThat(response.getHeaders())
        .isEqualTo(
            Map.of(
                "Content-Type", "application/json",
                "Cache-Control", "no-store",
                "X-Request-Id", FakeServices.id(1),
                "Retry-After", "30"));
    assertThat(fakes.jobTable.timeouts(Method.READ_RECORD))
        .containsExactly(Duration.ofMillis(1_850));
    assertThat(fakes.log)
        .containsExactly(
            LogEvent.of(Level.INFO, "job status")
                .with("id", FakeServices.id(1))
                .with("job", "id-1")
                .with("jobStatus", "delivering")
                .with("status", 200)
                .counted(Metric.STATUS_REQUESTS));
  }

  /** The cause of a failed delivery would tell a client what the network looks like. */
  @ParameterizedTest
  @CsvSource({
    "DELIVERING, 1, signature, http-403, not-delivered",
    "DELIVERING, 2, signature, connect, not-delivered",
    "DELIVERING, 3, signature, forbidden-address, not-delivered",
    "FAILED, 1, signature, http-410, not-delivered",
    // Redriven, and expired before its next delivery.
    "EXPIRED, 0, signature, timeout, not-delivered",
    "DELIVERED, 1, signature, http-204, delivered",
    "DELIVERING, 0, signature, signed, signed",
    "DELIVERING, 0, signature, reused, reused",
    "SIGNED, 0, signature, signed, signed",
    "SIGNING, 0, , http-503, http-503",
    "FAILED, 0, , timeout, timeout"
  })
  void deliveriesHaveTwoWordsAndCallsTheirOutcome(
      JobStatus status, int deliveries, @Nullable String signature, String stored, String shown) {
    fakes.jobTable.store(
        new JobRecord("id-1", status, 1, "", NOW, 1, deliveries, signature, stored, null, null));

    assertThat(LogAssertions.json(ask("id-1").getBody()).path("data").path("last_outcome"))
        .hasToString("\"" + shown + "\"");
  }

  @Test
  void membersThatARecordDoesNotHaveAreLeftOut() {
    store(JobStatus.WAITING, null);

    assertThat(ask("id-1").getBody())
        .isEqualTo(
            """
            {"success":true,"data":{"id":"id-1","status":"waiting",\
            "accepted_at":"2026-11-23T12:00:00Z","attempts":0,"deliveries":0}}""");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, false",
    "1, 1, true",
    "1001, 2, true",
    "60000, 60, true",
    "86400000, 60, true",
    ", 60, false",
    "-5000, 5, false",
    "-86400000, 60, false"
  })
  void aJobThatIsNotOverIsAskedForAgainAfterItsNextAttemptOrTheLongerItIsOverdue(
      @Nullable Long nextInMillis, String seconds, boolean announced) {
    store(JobStatus.SIGNING, nextInMillis == null ? null : NOW.plusMillis(nextInMillis));

    APIGatewayV2HTTPResponse response = ask("id-1");

    assertThat(response.getHeaders()).containsEntry("Retry-After", seconds);
    assertThat(response.getBody().contains("next_attempt_at")).isEqualTo(announced);
  }

  /** The table has other items, with other keys. */
  @ParameterizedTest
  @CsvSource({
    "SIGNED, id-2",
    "SIGNED, ''",
    "SIGNED, message#00ff",
    "SIGNED, id 1",
    "ANSWERING, id-1"
  })
  void aJobWithoutARecordIsUnknown(JobStatus status, String id) {
    store(status, null);

    assertUnknown(ask(id));
  }

  @Test
  void onlyTheClientThatMadeAJobMayReadItsRecord() {
    fakes.with("CLIENT_API_KEYS", KEY + " " + OTHER_KEY).upstream =
        _ -> FakeServices.failed("http-503");
    new SignHandler(fakes.services())
        .handleRequest(
            ApiEvents.request(
                "message=m&callback_url=https://receiver.example/", NOW, withKey(KEY)),
            null);

    assertThat(ask(FakeServices.id(1), KEY).getBody()).contains("\"status\":\"signing\"");
    assertUnknown(ask(FakeServices.id(1), OTHER_KEY));
  }

  @Test
  void aRecordOfATimeWithoutKeysIsReadWithAnyKey() {
    fakes.with("CLIENT_API_KEYS", KEY);
    store(JobStatus.SIGNED, null);

    assertThat(ask("id-1", KEY).getStatusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
JOB_TABLE=                                         | 404, No records of jobs are kept here.                                                                             | job status: StatusRequests
table-down                                         | 503, Retry-After 5, The record cannot be read. Retry later.                                                        | WARN record not read: StatusRequests
CLIENT_API_KEYS=client-key-0123456789              | 401, WWW-Authenticate Bearer realm="SignRelay", A valid key is required, as Authorization: Bearer or as x-api-key. | job status: StatusRequests Unauthorized
CLIENT_API_KEYS=client-key-0123456789 keys-unknown | 503, Retry-After 5, The key cannot be checked. Retry later.                                                        | ERROR client keys unavailable: StatusRequests
""")
  void aRecordThatCannotBeReadIsAnsweredWithTheReason(String given, String answer, String log) {
    fixture.given(given);

    assertThat(SignFixture.text(ask("id-1", OTHER_KEY))).isEqualTo(answer);
    assertThat(fixture.log()).isEqualTo(log);
  }

  private void store(JobStatus status, @Nullable Instant nextAttemptAt) {
    fakes.jobTable.store(
        new JobRecord("id-1", status, 1, "", NOW, 0, 0, null, null, nextAttemptAt, null));
  }

  private APIGatewayV2HTTPResponse ask(String id) {
    return ask(id, "");
  }

  private APIGatewayV2HTTPResponse ask(String id, String key) {
    return new SignHandler(fakes.services()).handleRequest(ApiEvents.job(id, withKey(key)), null);
  }

  private static Map<String, String> withKey(String key) {
    return Map.of("x-api-key", key);
  }

  private void assertUnknown(APIGatewayV2HTTPResponse response) {
    assertThat(response.getStatusCode()).isEqualTo(404);
    assertThat(response.getBody()).isEqualTo(UNKNOWN);
    assertThat(response.getHeaders()).doesNotContainKey("Retry-After");
    assertThat(fakes.log.getLast().fields()).doesNotContainKeys("job", "jobStatus");
  }
}
