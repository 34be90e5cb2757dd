package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.Answer;
import dev.signrelay.limit.RateLimiter.Answer.Granted;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Requests that DynamoDB Local applied, whose answers are lost, and which the SDK repeats: nothing
 * takes effect twice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RepeatedRequestIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final GrantWindow ANY = GrantWindow.within(Duration.ofDays(1));

  private final LostAnswers answers = new LostAnswers();
  private DynamoDbServer server;
  private DynamoDbClient losing;
  private DynamoDbScheduleStore store;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
    losing = answers.client(server.endpoint());
    store = new DynamoDbScheduleStore(server::client, server.tableName(), Instant::now);
  }

  @AfterAll
  void stop() {
    losing.close();
    server.close();
  }

  @BeforeEach
  void loseNothing() {
    answers.left.set(0);
    answers.lost.set(0);
    answers.beforeRepetition = () -> {};
    LimiterState state = store.read();
    if (state != null) {
      var idle = GrantSchedule.idle(UUID.randomUUID().toString(), PERIOD, 5, Instant.now());
      store.replace(state, state.withSchedule(idle));
    }
  }

  @Test
  void grantsAreTakenOnce() {
    RateLimiter limiter = limiter(losing);
    limiter.noteLine(0, ANY, TIMEOUT);
    long before = granted();

    answers.left.set(2);
    List<Grant> grants = limiter.acquireForLine(3, ANY, TIMEOUT);

    assertThat(answers.lost).hasValue(2);
    assertThat(grants).hasSize(3).extracting(Grant::id).doesNotHaveDuplicates();
    assertThat(granted() - before).isEqualTo(3);
  }

  @Test
  void grantsAreTakenOnceByARebuild() {
    RateLimiter limiter = limiter(losing);
    limiter.noteLine(0, ANY, TIMEOUT);

    answers.left.set(1);
    Grant grant = granted(limiter.acquire(GrantWindow.NEAR, TIMEOUT));

    assertThat(answers.lost).hasValue(1);
    assertThat(grant.id()).startsWith(store.read().schedule().version());
    assertThat(granted()).isEqualTo(1);
  }

  /** The grants that were taken first are lost, and nobody else is given those that follow. */
  @Test
  void noGrantIsGivenTwiceIfOthersTakeGrantsBefore() {
    RateLimiter other = limiter(server.client());
    RateLimiter limiter = limiter(losing);
    limiter.noteLine(0, ANY, TIMEOUT);
    var given = new ArrayList<Grant>();
    answers.beforeRepetition = () -> given.add(granted(other.acquire(ANY, TIMEOUT)));

    answers.left.set(1);
    given.add(granted(limiter.acquire(ANY, TIMEOUT)));

    assertThat(given).hasSize(2).extracting(Grant::id).doesNotHaveDuplicates();
    assertThat(granted()).isEqualTo(3);
  }

  @Test
  void noGrantIsGivenTwiceIfAnotherProcessRebuildsTheScheduleBefore() {
    RateLimiter other = limiter(server.client());
    RateLimiter limiter = limiter(losing);
    limiter.noteLine(0, ANY, TIMEOUT);
    var given = new ArrayList<Grant>();
    answers.beforeRepetition = () -> given.add(granted(other.acquire(GrantWindow.NEAR, TIMEOUT)));

    answers.left.set(1);
    given.add(granted(limiter.acquire(ANY, TIMEOUT)));

    assertThat(given).hasSize(2).extracting(Grant::id).doesNotHaveDuplicates();
  }

  @Test
  void aClaimDoesNotFailBecauseOfItself() {
    var grant = new Grant(UUID.randomUUID() + "/1", Instant.now(), Instant.now());

    answers.left.set(1);

    assertThat(limiter(losing).claim(grant, TIMEOUT)).isTrue();
    assertThat(answers.lost).hasValue(1);
    assertThat(limiter(server.client()).claim(grant, TIMEOUT)).isFalse();
  }

  @Test
  void aClaimFailsBecauseOfAnother() {
    var grant = new Grant(UUID.randomUUID() + "/1", Instant.now(), Instant.now());
    limiter(server.client()).claim(grant, TIMEOUT);

    answers.left.set(1);

    assertThat(limiter(losing).claim(grant, TIMEOUT)).isFalse();
    assertThat(answers.lost).hasValue(1);
  }

  private long granted() {
    return store.read().schedule().granted();
  }

  private static Grant granted(Answer answer) {
    assertThat(answer).isInstanceOf(Granted.class);
    return ((Granted) answer).grant();
  }

  private RateLimiter limiter(DynamoDbClient client) {
    return SlidingWindowLimiter.inTable(
        () -> client, server.tableName(), 5, new SystemTime(), () -> UUID.randomUUID().toString());
  }
}
