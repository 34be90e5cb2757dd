package dev.signrelay.dispatch;

import static dev.signrelay.dispatch.LineJobs.ids;
import static dev.signrelay.dispatch.LineJobs.job;
import static dev.signrelay.dispatch.LineJobs.join;
import static dev.signrelay.dispatch.LineJobs.receipts;
import static dev.signrelay.dispatch.LineJobs.sent;
import static dev.signrelay.testing.FakeRateLimiter.grant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LaneTest {

  private static final Instant NOW = FakeServices.START;

  /** A limit that allows batches of ten. */
  private final FakeServices fakes =
      new FakeServices().with("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "20");

  private final AtomicLong free = new AtomicLong(1_000);

  @Test
  void aJobIsSentWithItsGrantUntilFiveSecondsBeforeItAndThenRemoved() {
    fakes.limiter.wait = Duration.ofSeconds(60);
    fakes.line.join(job(1)).join(job(2).missed());

    assertThat(run()).isEqualTo(new Lane.Result(2, null));

    assertThat(fakes.sent)
        .extracting(Sent::job, Sent::queue, Sent::delay)
        .containsExactly(
            tuple(
                job(1).withGrant(grant("grant-1", NOW.plusSeconds(60))),
                JobQueue.RETRY,
                Duration.ofSeconds(55)),
            tuple(
                job(2).missed().withGrant(grant("grant-2", NOW.plusSeconds(60))),
                JobQueue.RETRY,
                Duration.ofSeconds(55)));
    assertThat(fakes.line.removed).containsExactly("receipt-1", "receipt-2");
    assertThat(fakes.limiter.windows).containsOnly(GrantWindow.AHEAD);
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.log).isEmpty();
  }

  /** So that a run that dies wastes at most half of a minute's grants. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "10, 5", "19, 9", "20, 10", "0, 10"})
  void aBatchHasAtMostHalfOfTheCallsOfAMinute(String limit, int batch) {
    fakes.with("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", limit);
    join(fakes, 25);

    assertThat(run()).isEqualTo(new Lane.Result(25, null));

    assertThat(fakes.batches.isEmpty() ? 1 : fakes.batches.getFirst()).isEqualTo(batch);
    assertThat(fakes.line.received).allMatch(received -> received <= batch);
  }

  @Test
  void jobsLeaveTheLineInTheirOrderTenAtATimeUntilItIsEmpty() {
    join(fakes, 25);

    assertThat(run()).isEqualTo(new Lane.Result(25, null));

    assertThat(sent(fakes)).isEqualTo(ids(25));
    assertThat(fakes.line.removed).isEqualTo(receipts(25));
    assertThat(fakes.line.received).containsExactly(10, 10, 5, 0);
    assertThat(fakes.batches).containsExactly(10, 10, 5);
    assertThat(free).hasValue(1_000 - 25);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 7", "10, 10", "11, 11", "0, 0"})
  void noMoreJobsAreReceivedThanGrantsAreFree(int grants, int dispatched) {
    join(fakes, 25);
    free.set(grants);

    assertThat(run()).isEqualTo(new Lane.Result(dispatched, null));

    assertThat(fakes.line.received.stream().mapToInt(n -> n).sum()).isEqualTo(dispatched);
    assertThat(fakes.line.removed).isEqualTo(receipts(dispatched));
    assertThat(free).hasValue(0);
  }

  /** Another run may have taken the others. */
  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "10, 10", "13, 13"})
  void jobsForWhichNoGrantIsLeftStayInLine(int grants, int dispatched) {
    join(fakes, 25);
    fakes.limiter.free = grants;

    assertThat(run()).isEqualTo(new Lane.Result(dispatched, null));

    assertThat(sent(fakes)).isEqualTo(ids(dispatched));
    assertThat(fakes.line.removed).isEqualTo(receipts(dispatched));
  }

  @Test
  void aReceiveOfFewerJobsIsNotTheEndOfTheLine() {
    join(fakes, 25);
    fakes.line.maxReceived = 4;
    free.set(20);

    assertThat(run()).isEqualTo(new Lane.Result(20, null));

    assertThat(fakes.line.removed).isEqualTo(receipts(20));
  }

  /** RetryFunction makes it a dead letter. */
  @Test
  void anExpiredJobLeavesTheLineWithoutAGrant() {
    fakes.line.join(job(1, Duration.ZERO)).join(job(2));

    assertThat(run()).isEqualTo(new Lane.Result(2, null));

    assertThat(fakes.sent)
        .extracting(Sent::job, Sent::queue, Sent::delay)
        .contains(tuple(job(1, Duration.ZERO), JobQueue.RETRY, Duration.ZERO));
    assertThat(fakes.limiter.acquired()).isEqualTo(1);
    assertThat(free).hasValue(1_000 - 1);
  }

  /** Otherwise a line whose jobs wait about as long as they are wanted would waste all grants. */
  @Test
  void theGrantsOfJobsThatExpireBeforeThemGoToTheNextJobs() {
    fakes.limiter.wait = Duration.ofSeconds(60);
    for (int n = 1; n <= 10; n++) {
      fakes.line.join(job(n, Duration.ofSeconds(n < 8 ? 60 : 61)));
    }
    join(fakes, 12);
    free.set(10);

    assertThat(run()).isEqualTo(new Lane.Result(17, null));

    assertThat(fakes.sent)
        .filteredOn(sent -> ((NeedsSignature) sent.job()).grant() == null)
        .hasSize(7)
        .allMatch(sent -> sent.queue() == JobQueue.RETRY && sent.delay().toSeconds() == 60);
    assertThat(fakes.limiter.acquired()).isEqualTo(10);
    assertThat(fakes.line.received).containsExactly(10, 7);
    assertThat(free).hasValue(0);
  }

  @Test
  void aGrantThatIsLeftOverIsNotUsedOnceItIsTooNear() {
    fakes.limiter.wait = Duration.ofSeconds(4);
    fakes.line.join(job(1, Duration.ofSeconds(12))).join(job(2));
    free.set(1);
    fakes.line.beforeReceive = () -> fakes.time.advance(Duration.ofSeconds(10));

    assertThat(run()).isEqualTo(new Lane.Result(1, null));

    assertThat(fakes.line.received).containsExactly(1);
  }

  @Test
  void aJobThatSqsMovedToTheDeadLetterQueueStartsAnewAfterARedrive() {
    var tried = new NeedsSignature(job(1).acceptance(), "the-message", 7, null, null, 19, NOW);
    fakes.limiter.wait = Duration.ofSeconds(60);
    fakes.line.beforeReceive = () -> fakes.time.advance(Duration.ofSeconds(1));
    fakes.line.redrive(tried).join(tried);

    run();

    assertThat(fakes.sent)
        .extracting(Sent::job)
        .extracting(job -> ((NeedsSignature) job).withGrant(null))
        .containsExactly(tried.fresh(NOW.plusSeconds(1)), tried);
  }

  @Test
  void jobsThatTheQueueDidNotStoreStayInLine() {
    join(fakes, 25);
    fakes.queueIsDown = true;

    Lane.Result result = run();

    assertThat(result.dispatched()).isZero();
    assertThat(result.failure()).hasMessage("the queue is down");
    assertThat(fakes.line.removed).isEmpty();
    assertThat(fakes.batches).containsExactly(10);
  }

  @Test
  void onlyTheJobsThatTheQueueStoredAreRemoved() {
    join(fakes, 12);
    fakes.refused = job -> job.id().equals("id-3");

    Lane.Result result = run();

    assertThat(result.dispatched()).isEqualTo(9);
    assertThat(result.failure()).hasMessage("the queue refused it");
    assertThat(fakes.line.removed).hasSize(9).doesNotContain("receipt-3").containsAll(receipts(2));
  }

  /** They are received again, and then signed twice. */
  @Test
  void jobsThatWereSentAndNotRemovedAreCounted() {
    join(fakes, 25);
    fakes.line.keepsJobs = true;

    Lane.Result result = run();

    assertThat(result.dispatched()).isEqualTo(10);
    assertThat(result.failure()).hasMessage("the line removes nothing");
  }

  @Test
  void withoutAnAnswerOfTheLimiterTheJobsStayInLine() {
    join(fakes, 25);
    fakes.limiter.isDown = true;

    Lane.Result result = run();

    assertThat(result.dispatched()).isZero();
    assertThat(result.failure()).hasMessage("the limiter is down");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.line.removed).isEmpty();
    assertThat(fakes.line.received).containsExactly(10);
  }

  @Test
  void withoutAnAnswerOfTheLineTheLaneEnds() {
    fakes.line.isDown = true;

    assertThat(run().failure()).hasMessage("the line is down");
    assertThat(fakes.limiter.timeouts).isEmpty();
  }

  @Test
  void aMessageThatIsNoJobForTheLineStaysThereAndIsLoggedWithoutItsBody() {
    fakes
        .line
        .join(job(1))
        .join("SECRET")
        .join(job(3).signed("SECRET", FakeServices.START))
        .join(job(4));

    assertThat(run()).isEqualTo(new Lane.Result(2, null));

    assertThat(sent(fakes)).containsExactly("id-1", "id-4");
    assertThat(fakes.line.removed).containsExactly("receipt-1", "receipt-4");
    assertThat(fakes.limiter.acquired()).isEqualTo(2);
    assertThat(fakes.log)
        .containsExactly(
            malformed("message-2", "it is not JSON"), malformed("message-3", "it has a signature"));
  }

  @Test
  void malformedMessagesDoNotEndTheLane() {
    for (int i = 0; i < 10; i++) {
      fakes.line.join("{}");
    }
    fakes.line.join(job(11));
    free.set(10);

    assertThat(run()).isEqualTo(new Lane.Result(1, null));

    assertThat(fakes.line.removed).containsExactly("receipt-11");
    assertThat(fakes.log).hasSize(10);
  }

  @Test
  void aLaneBeginsNoBatchAtItsDeadline() {
    join(fakes, 25);
    fakes.line.beforeReceive = () -> fakes.time.advance(Duration.ofSeconds(30));

    assertThat(run()).isEqualTo(new Lane.Result(20, null));

    assertThat(fakes.line.received).containsExactly(10, 10);
  }

  @Test
  void aRequestHasTenSecondsOrTheTimeThatIsLeft() {
    join(fakes, 20);
    fakes.line.beforeReceive = () -> fakes.time.advance(Duration.ofSeconds(27));

    run();

    assertThat(fakes.limiter.timeouts)
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(6));
    assertThat(fakes.sent)
        .extracting(Sent::timeout)
        .containsOnly(Duration.ofSeconds(10), Duration.ofSeconds(6));
  }

  private Lane.Result run() {
    return new Lane(fakes.services(), free, NOW.plusSeconds(60)).run();
  }

  private static LogEvent malformed(String id, String error) {
    return LogEvent.of(Level.ERROR, "malformed queue message")
        .with("queueMessageId", id)
        .with("error", error);
  }
}
