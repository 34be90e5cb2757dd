package dev.signrelay.sign;

import static dev.signrelay.sign.SignFixture.NOW;
import static dev.signrelay.sign.SignFixture.PLAIN;
import static dev.signrelay.sign.SignFixture.WITH_CALLBACK;
import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests to sign. A row of a table is what is given, the request, and what follows: the answer,
 * what is called and stored, and the log.
 */
final class SignWorkflowTest {

  private final SignFixture fixture = new SignFixture();
  private final FakeServices fakes = fixture.fakes;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
nothing                | plain                 | 200 signed, signature                                                  | called                                              | signing attempt, answer: Signed
nothing                | callback              | 200 signed, signature                                                  | called                                              | signing attempt, answer: Signed
fails                  | plain                 | 200 unsigned, Retry-After 5                                            | called                                              | signing attempt, answer: Unsigned
fails=7001             | plain                 | 200 unsigned, Retry-After 8                                            | called                                              | signing attempt, answer: Unsigned
fails=0                | plain                 | 200 unsigned, Retry-After 5                                            | called                                              | signing attempt, answer: Unsigned
rejects                | plain                 | 200 rejected                                                           | called                                              | WARN signing attempt, answer: Rejected
fails                  | callback              | 200 queued, X-Sign-Expected-In 30                                      | called, retry #2 in 30 s                            | signing attempt, requeue: Queued
fails=55001            | callback              | 200 queued, X-Sign-Expected-In 66                                      | called, retry #2 in 65 s                            | signing attempt, requeue: Queued
# Longer than a queue can delay a job
fails=3600000          | callback              | 200 queued, X-Sign-Expected-In 3610                                    | called, retry #2 in 900 s of 3610                   | signing attempt, requeue: Queued
refuses-key            | callback              | 200 queued, X-Sign-Expected-In 30                                      | called, retry #2 in 30 s                            | ERROR signing attempt, requeue: Queued
rejects                | callback              | 200 rejected                                                           | called, dead letter message-rejected                | WARN signing attempt, dead-letter: Rejected
fails=2000 no-retries  | callback              | 200 unsigned, Retry-After 2                                            | called, dead letter signing-exhausted               | WARN signing attempt, dead-letter: Unsigned
fails queue-down       | callback              | 503 unsigned, Retry-After 5, The job could not be queued. Retry later. | called                                              | ERROR signing attempt, requeue: Unavailable QueueUnavailable
rejects queue-down     | callback              | 503 unsigned, Retry-After 5, The job could not be queued. Retry later. | called                                              | ERROR signing attempt, dead-letter: Unavailable QueueUnavailable
breaks                 | callback              | 503 unsigned, Retry-After 5, Internal error. Retry later.              | called                                              | ERROR unexpected failure: Unavailable UnexpectedFailures
# Only a job that is stored is recorded.
table fails            | plain                 | 200 unsigned, Retry-After 5                                            | called                                              | signing attempt, answer: Unsigned
table                  | callback              | 200 signed, signature                                                  | called                                              | signing attempt, answer: Signed
table fails            | callback              | 200 queued, X-Sign-Expected-In 30                                      | called, retry #2 in 30 s, record signing            | signing attempt, requeue: Queued
table rejects          | callback              | 200 rejected                                                           | called, dead letter message-rejected, record failed | WARN signing attempt, dead-letter: Rejected
table fails queue-down | callback              | 503 unsigned, Retry-After 5, The job could not be queued. Retry later. | called                                              | ERROR signing attempt, requeue: Unavailable QueueUnavailable
table fails table-down | callback              | 200 queued, X-Sign-Expected-In 30                                      | called, retry #2 in 30 s                            | WARN record not written: RecordNotWritten; signing attempt, requeue: Queued
# A job that expires before its next call is not stored. The delay after the first call is 30 s.
fails                  | callback&valid_for=30 | 200 unsigned, Retry-After 5                                            | called                                              | signing attempt, answer: Unsigned
fails                  | callback&valid_for=31 | 200 queued, X-Sign-Expected-In 30                                      | called, retry #2 in 30 s                            | signing attempt, requeue: Queued
""")
  void theResultOfACallIsAnsweredOrItsJobStored(
      String given, String request, String answer, String done, String log) {
    assertRow(given, request, answer, done, log);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
wait=250                  | plain                 | 200 signed, signature                                                  | called                         | signing attempt, answer: Signed
wait=250                  | callback              | 200 signed, signature                                                  | called                         | signing attempt, answer: Signed
wait=251 expected=90001   | plain                 | 200 unsigned, Retry-After 91                                           | nothing                        | rate limited, answer: Unsigned
wait=251 expected=90001   | callback              | 200 queued, X-Sign-Expected-In 91                                      | line #1 in 0 s                 | rate limited, wait-in-line: Queued
wait=251 expected=0       | callback              | 200 queued, X-Sign-Expected-In 0                                       | line #1 in 0 s                 | rate limited, wait-in-line: Queued
wait=251 queue-down       | callback              | 503 unsigned, Retry-After 5, The job could not be queued. Retry later. | nothing                        | ERROR rate limited, wait-in-line: Unavailable QueueUnavailable
# The note of its length is old, so that it is not known whether a run drains it.
wait=251 line-unknown     | callback              | 503 unsigned, Retry-After 60, Too many jobs are waiting. Retry later.  | nothing                        | rate limited, answer: Unavailable LineFull
wait=251 line-unknown     | plain                 | 200 unsigned, Retry-After 60                                           | nothing                        | rate limited, answer: Unsigned
limiter-down              | callback              | 200 queued, X-Sign-Expected-In 60                                      | line #1 in 0 s                 | ERROR rate limiter unavailable, wait-in-line: Queued
limiter-down              | plain                 | 200 unsigned, Retry-After 5                                            | nothing                        | ERROR rate limiter unavailable, answer: Unsigned
upstream-key-unknown      | callback              | 200 queued, X-Sign-Expected-In 60                                      | line #1 in 0 s                 | ERROR upstream key unavailable, wait-in-line: Queued
upstream-key-unknown      | plain                 | 200 unsigned, Retry-After 5                                            | nothing                        | ERROR upstream key unavailable, answer: Unsigned
# The grant expires before the connection is established.
connects-late             | callback              | 200 queued, X-Sign-Expected-In 60                                      | called, line #1 in 0 s         | WARN grant expired, wait-in-line: Queued
table wait=251 expected=1 | callback              | 200 queued, X-Sign-Expected-In 1                                       | line #1 in 0 s, record waiting | rate limited, wait-in-line: Queued
# A job that expires before its next call is not stored.
wait=20000 expected=30000 | callback&valid_for=30 | 200 unsigned, Retry-After 30                                           | nothing                        | rate limited, answer: Unsigned
wait=20000 expected=30000 | callback&valid_for=31 | 200 queued, X-Sign-Expected-In 30                                      | line #1 in 0 s                 | rate limited, wait-in-line: Queued
# A further attempt would find too little time.
wait=20000 expected=0     | callback&valid_for=1  | 200 unsigned, Retry-After 5                                            | nothing                        | rate limited, answer: Unsigned
# Nobody knows when the next call is.
limiter-down              | callback&valid_for=5  | 200 queued, X-Sign-Expected-In 60                                      | line #1 in 0 s                 | ERROR rate limiter unavailable, wait-in-line: Queued
""")
  void withoutACallTheJobJoinsTheLineAndThatIsNoAttempt(
      String given, String request, String answer, String done, String log) {
    assertRow(given, request, answer, done, log);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
table fails            | plain    | 202 queued, X-Sign-Expected-In 30, Location /crypto/jobs/ID, Preference-Applied respond-async | called, retry #2 in 30 s, record signing            | signing attempt, requeue: Queued
table fails            | callback | 202 queued, X-Sign-Expected-In 30, Location /crypto/jobs/ID, Preference-Applied respond-async | called, retry #2 in 30 s, record signing            | signing attempt, requeue: Queued
table                  | plain    | 200 signed, signature                                                                         | called                                              | signing attempt, answer: Signed
table rejects          | plain    | 200 rejected                                                                                  | called, dead letter message-rejected, record failed | WARN signing attempt, dead-letter: Rejected
table fails table-down | plain    | 503 unsigned, Retry-After 5, The job could not be recorded. Retry later.                      | called, retry #2 in 30 s                            | WARN record not written: RecordNotWritten; signing attempt, requeue: Unavailable
# The job is delivered. Its location would answer 404.
table fails table-down | callback | 200 queued, X-Sign-Expected-In 30                                                             | called, retry #2 in 30 s                            | WARN record not written: RecordNotWritten; signing attempt, requeue: Queued
table fails queue-down | plain    | 503 unsigned, Retry-After 5, The job could not be queued. Retry later.                        | called                                              | ERROR signing attempt, requeue: Unavailable QueueUnavailable
# Without a table, the preference is ignored.
fails                  | plain    | 200 unsigned, Retry-After 5                                                                   | called                                              | signing attempt, answer: Unsigned
fails                  | callback | 200 queued, X-Sign-Expected-In 30                                                             | called, retry #2 in 30 s                            | signing attempt, requeue: Queued
""")
  void aClientThatPrefersToReadTheResultGetsItsPlaceIfThereIsOne(
      String given, String request, String answer, String done, String log) {
    assertRow(given, request, answer, done, log, "prefer", "respond-async");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
nothing                              | message= | 400 rejected, message must not be empty
CALLBACK_ENABLED=false               | callback | 400 rejected, callback_url is not accepted: callbacks are disabled
CALLBACK_ALLOWED_HOSTS=other.example | callback | 400 rejected, callback_url must name a host that is allowed here
""")
  void aRequestThatBreaksARuleIsRefused(String given, String request, String answer) {
    assertRow(given, request, answer, "nothing", "request refused: Refused");
  }

  /** Before the request is parsed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
nothing      | 401 rejected, WWW-Authenticate Bearer realm="SignRelay", A valid key is required, as Authorization: Bearer or as x-api-key. | request refused: Refused Unauthorized
keys-unknown | 503 unsigned, Retry-After 5, The key cannot be checked. Retry later.                                                        | ERROR client keys unavailable: Unavailable
""")
  void withoutAValidKeyNothingIsDone(String given, String answer, String log) {
    fakes.with("CLIENT_API_KEYS", "client-key-0123456789");

    assertRow(given, "message=%", answer, "nothing", log);
  }

  @Test
  void theBodyIsReadOnItsRouteOnly() {
    var event = ApiEvents.request("", NOW, Map.of("content-type", "application/json"));
    event.setBody("{\"message\":\"body\"}");
    event.setRouteKey("POST /crypto/sign");
    fixture.answer(event);
    event.setRouteKey("GET /crypto/sign");
    event.setRawQueryString(PLAIN);
    fixture.answer(event);

    assertThat(fakes.signed).containsExactly("body", "hello");
  }

  @Test
  void theLogNamesTheClientOfAValidKey() {
    fakes.with("CLIENT_API_KEYS", "shop:client-key-0123456789 other:other-key-0123456789");

    assertThat(
            SignFixture.text(
                fixture.answer(PLAIN, "authorization", "Bearer client-key-0123456789")))
        .isEqualTo("200 signed, signature");
    assertThat(fakes.log.getLast().fields()).containsEntry("client", "shop");
  }

  @Test
  void anAnswerHasItsIdIsNotStoredByCachesAndHasABodyOfTwoMembers() {
    var response = fixture.answer(PLAIN);

    assertThat(response.getHeaders())
        .isEqualTo(
            Map.of(
                "Content-Type", "application/json",
                "Cache-Control", "no-store",
                "X-Request-Id", FakeServices.id(1),
                "X-Sign-Status", "signed"));
    assertThat(response.getBody()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    fakes.upstream = _ -> failed("http-503");
    assertThat(fixture.answer(PLAIN).getBody()).isEqualTo("{\"success\":true,\"data\":null}");
  }

  @Test
  void aJobHasWhatTheClientAskedFor() {
    fakes.with("JOB_TABLE", "jobs").upstream = _ -> failed("timeout");

    fixture.answer(WITH_CALLBACK + "&valid_for=31");
    fixture.answer(PLAIN + "&valid_for=60", "prefer", "respond-async");

    var url = URI.create("https://receiver.example/in");
    assertThat(fakes.sent)
        .extracting(Sent::job)
        .extracting(Job::acceptance)
        .containsExactly(
            new Acceptance(FakeServices.id(1), url, NOW, NOW.plusSeconds(31), ""),
            new Acceptance(FakeServices.id(2), null, NOW, NOW.plusSeconds(60), ""));
    assertThat(fakes.jobTable.written)
        .first()
        .satisfies(
            record -> {
              assertThat(record.attempts()).isOne();
              assertThat(record.nextAttemptAt()).isEqualTo(NOW.plusSeconds(30));
            });
  }

  @ParameterizedTest
  @CsvSource({"600, 600000", "86400, 86400000", "0, 9999999000", "61, 61000"})
  void aLineUpToItsBoundIsJoinedAndItsLengthNoted(String bound, long expectedMillis) {
    fixture.given("wait=60000 expected=" + expectedMillis + " LINE_MAX_SECONDS=" + bound);

    assertThat(SignFixture.text(fixture.answer(WITH_CALLBACK))).startsWith("200 queued");
    assertThat(fakes.limiter.joined).isOne();
    assertThat(fakes.limiter.acquired()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"600, 600001, 1", "600, 601000, 1", "600, 601001, 2", "1, 3600000, 3599"})
  void aLineAboveItsBoundIsNotJoinedAndTheClientLearnsWhenToRetry(
      String bound, long expectedMillis, String retryAfter) {
    fixture.given("wait=60000 expected=" + expectedMillis + " LINE_MAX_SECONDS=" + bound);

    assertThat(SignFixture.text(fixture.answer(WITH_CALLBACK)))
        .isEqualTo(
            "503 unsigned, Retry-After %s, Too many jobs are waiting. Retry later."
                .formatted(retryAfter));
    assertThat(fixture.effects()).isEqualTo("nothing");
    assertThat(fixture.log()).isEqualTo("rate limited, answer: Unavailable LineFull");
    assertThat(fakes.limiter.joined).isZero();
    assertThat(SignFixture.text(fixture.answer(PLAIN))).startsWith("200 unsigned");
  }

  /** A slow start has used up the time of the response. The job keeps its first attempt. */
  @ParameterizedTest
  @ValueSource(longs = {1_201, 1_700, 1_850, 2_000, 29_999})
  void afterASlowStartNoGrantIsRequestedAndNoCallMadeAndTheJobIsQueuedAtOnce(long startMillis) {
    assertThat(fixture.answeredAfter(startMillis, WITH_CALLBACK))
        .isEqualTo("200 queued, X-Sign-Expected-In 0");
    assertThat(fixture.effects()).isEqualTo("retry #1 in 0 s");
    assertThat(fixture.answeredAfter(startMillis, PLAIN)).isEqualTo("200 unsigned, Retry-After 5");
    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(fakes.sent)
        .singleElement()
        .satisfies(
            sent ->
                assertThat(sent.job().acceptance().at()).isEqualTo(NOW.minusMillis(startMillis)));
  }

  /** Of a call, of the queue, and of the record, in milliseconds. */
  @ParameterizedTest
  @CsvSource({
    "false, 0, 0, 1450, 1850,",
    "false, 900, 500, 550, 450,",
    "false, 1200, 250, 250, 400,",
    "false, 1201, 0, , 649,",
    "true, 0, 1300, 1300, 400, 550",
    "true, 0, 1699, 1300, 400, 151", // the call ended late
  })
  void everyPartHasTheTimeOfTheBudget(
      boolean isRecorded,
      long startMillis,
      long upstreamMillis,
      @Nullable Long upstream,
      long queue,
      @Nullable Long record) {
    fakes.with("JOB_TABLE", isRecorded ? "jobs" : "").upstream =
        _ -> fakes.after(Duration.ofMillis(upstreamMillis), failed("timeout"));

    assertThat(fixture.answeredAfter(startMillis, WITH_CALLBACK)).startsWith("200 queued");

    assertThat(fakes.upstreamTimeouts).isEqualTo(list(upstream));
    assertThat(fakes.limiter.timeouts).hasSize(upstream == null ? 0 : 1);
    assertThat(fakes.sent).extracting(Sent::timeout).isEqualTo(list(queue));
    assertThat(fakes.jobTable.timeouts()).isEqualTo(list(record));
  }

  private static List<Duration> list(@Nullable Long millis) {
    return Stream.ofNullable(millis).map(Duration::ofMillis).toList();
  }

  @Test
  void aCallEndsWhenItsResultIsNoLongerWantedIfItMakesAJob() {
    fixture.answer(WITH_CALLBACK + "&valid_for=1");
    fixture.answer(PLAIN + "&valid_for=1");

    assertThat(fakes.upstreamTimeouts)
        .containsExactly(Duration.ofSeconds(1), Duration.ofMillis(1_450));
  }

  @ParameterizedTest
  @CsvSource({PLAIN + ", 0, 0", PLAIN + ", 12999, 12", WITH_CALLBACK + ", 1999, 1"})
  void aSignatureThatIsReusedAnswersFurtherRequestsWithItsAge(
      String query, long millis, String age) {
    fixture.given("table SIGNATURE_CACHE_SECONDS=600");
    assertThat(SignFixture.text(fixture.answer(PLAIN))).isEqualTo("200 signed, signature");
    fakes.time.advance(Duration.ofMillis(millis));
    fakes.log.clear();

    assertThat(SignFixture.text(fixture.answer(query)))
        .isEqualTo("200 signed, Age " + age + ", signature");
    assertThat(fixture.log()).isEqualTo("signature from cache, answer: Signed SignatureReused");
    assertThat(fakes.limiter.acquired()).isOne();
  }

  @Test
  void aRequestThatWaitsInVainForAnotherCallIsQueuedForAFewSeconds() {
    fixture.given("table SIGNATURE_CACHE_SECONDS=600");
    JobTable table = fakes.jobTable.direct();
    var _ = table.leaseSignature("hello", "another", NOW.plusSeconds(20), Duration.ZERO);

    assertThat(SignFixture.text(fixture.answer(WITH_CALLBACK)))
        .isEqualTo("200 queued, X-Sign-Expected-In 6");
    assertThat(fixture.effects()).isEqualTo("retry #1 in 6 s, record waiting");
    assertThat(fixture.log()).isEqualTo("call under way, requeue: Queued");
    // Not less than the time that is reserved for the queue.
    assertThat(fakes.sent.getFirst().timeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(fakes.time.instant()).isBefore(NOW.plusMillis(1_500));
    assertThat(SignFixture.text(fixture.answer(PLAIN))).isEqualTo("200 unsigned, Retry-After 5");
  }

  private void assertRow(
      String given, String request, String answer, String done, String log, String... headers) {
    fixture.given(given);
    String query = request.replaceFirst("^plain", PLAIN).replaceFirst("^callback", WITH_CALLBACK);

    APIGatewayV2HTTPResponse response = fixture.answer(query, headers);

    assertThat(SignFixture.text(response)).isEqualTo(answer.replace("ID", FakeServices.id(1)));
    assertThat(fixture.effects()).isEqualTo(done);
    assertThat(fixture.log()).isEqualTo(log);
    LogEvent last = fakes.log.getLast();
    assertThat(last.measurements()).containsEntry(Metric.REQUESTS, 1);
    assertThat(last.fields())
        .containsEntry("id", FakeServices.id(1))
        .containsEntry("status", response.getStatusCode());
  }
}
