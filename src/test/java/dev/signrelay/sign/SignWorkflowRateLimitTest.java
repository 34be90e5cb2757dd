package dev.signrelay.sign;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that have to wait for a grant, or get none. */
final class SignWorkflowRateLimitTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK =
      "message=hello&callback_url=https://receiver.example/in";
  private static final Instant NOW = FakeServices.START;
  private static final NeedsSignature JOB =
      NeedsSignature.first(
          new Acceptance(FakeServices.id(1), URI.create("https://receiver.example/in"), NOW),
          "hello");

  private final FakeServices fakes = new FakeServices();

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aGrantIsWaitedForUpTo250Milliseconds(String query) {
    fakes.limiter.wait = Duration.ofMillis(250);

    assertThat(signStatus(query)).isEqualTo("signed");

    assertThat(fakes.time.instant()).isEqualTo(NOW.plusMillis(250));
  }

  @Test
  void withoutACallbackUrlALaterGrantIsNotAcquired() {
    fakes.limiter.wait = Duration.ofMillis(251);

    assertThat(signStatus(PLAIN)).isEqualTo("unsigned");

    assertThat(fakes.limiter.acquired()).isZero();
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void withACallbackUrlTheJobWaitsForALaterGrantInTheQueueAndThatIsNoAttempt() {
    fakes.limiter.wait = Duration.ofSeconds(60);

    assertThat(signStatus(WITH_CALLBACK)).isEqualTo("queued");

    assertThat(fakes.signed).isEmpty();
    assertQueued(JOB.withGrant(grant("grant-1", NOW.plusSeconds(60))), Duration.ofSeconds(57));
  }

  @Test
  void whileTheLimiterIsDownTheUpstreamIsNotCalledAndTheJobIsQueued() {
    fakes.limiter.isDown = true;

    assertThat(signStatus(WITH_CALLBACK)).isEqualTo("queued");
    assertThat(signStatus(PLAIN)).isEqualTo("unsigned");

    assertThat(fakes.signed).isEmpty();
    assertQueued(JOB, Duration.ofSeconds(30));
    assertThat(fakes.log).extracting(LogEvent::name).containsOnly("rate limiter unavailable");
  }

  @Test
  void aJobWithALaterGrantThatCannotBeQueuedIsNotAccepted() {
    fakes.limiter.wait = Duration.ofSeconds(60);
    fakes.queueIsDown = true;

    assertThat(handle(WITH_CALLBACK).statusCode()).isEqualTo(503);
  }

  private String signStatus(String query) {
    HttpApiResponse response = handle(query);
    assertThat(response.statusCode()).isEqualTo(200);
    return response.headers().get("X-Sign-Status");
  }

  private HttpApiResponse handle(String query) {
    return new SignWorkflow(fakes.services())
        .handle(new HttpApiRequest("", query, NOW, "", ""), NOW);
  }

  private void assertQueued(NeedsSignature job, Duration delay) {
    assertThat(fakes.sent).extracting(Sent::job, Sent::delay).containsExactly(tuple(job, delay));
  }
}
