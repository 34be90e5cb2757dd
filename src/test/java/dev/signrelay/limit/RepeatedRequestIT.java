package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.Answer;
import dev.signrelay.limit.RateLimiter.Answer.Granted;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
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
  private static final Duration ANY = Duration.ofDays(1);

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
    callsAreFreeFrom(Instant.now().plusSeconds(60));
  }

  /** Calls that are free later do not pass during a test. */
  private void callsAreFreeFrom(Instant time) {
    var idle = GrantSchedule.idle(UUID.randomUUID().toString(), PERIOD, 5, time);
    assertThat(store.replace(store.read(), new LimiterState(idle, time, 0, time, "")))
        .isInstanceOf(Applied.class);
  }

  @Test
  void grantsAreTakenOnce() {
    RateLimiter limiter = limiter(losing);
    limiter.noteLine(0, TIMEOUT);
    long before = granted();

    answers.left.set(2);
    List<Grant> grants = limiter.acquireForLine(3, ANY, TIMEOUT);

    assertThat(answers.lost).hasValue(2);
    assertThat(grants).hasSize(3).extracting(Grant::id).doesNotHaveDuplicates();
    assertThat(granted() - before).isEqualTo(3);
  }

  @Test
  void grantsAreTakenOnceByARebuild() {
    callsAreFreeFrom(Instant.now().minusSeconds(60));
    RateLimiter limiter = limiter(losing);
    limiter.noteLine(0, TIMEOUT);

    answers.left.set(1);
    Grant grant = granted(limiter.acquire(ANY, TIMEOUT));

    assertThat(answers.lost).hasValue(1);
    assertThat(grant.id()).startsWith(store.read().schedule().version());
    assertThat(granted()).isEqualTo(1);
  }

  /** The grants that were taken first are lost, and nobody else is given those that follow. */
  @Test
  void noGrantIsGivenTwiceIfOthersTakeGrantsBefore() {
    RateLimiter other = limiter(server.client());
    RateLimiter limiter = limiter(losing);
    limiter.noteLine(0, TIMEOUT);
    var given = new ArrayList<Grant>();
    answers.beforeRepetition = () -> given.add(granted(other.acquire(ANY, TIMEOUT)));

    answers.left.set(1);
    given.add(granted(limiter.acquire(ANY, TIMEOUT)));

    assertThat(given).hasSize(2).extracting(Grant::id).doesNotHaveDuplicates();
    assertThat(granted()).isEqualTo(3);
  }

  @Test
  void noGrantIsGivenTwiceIfAnotherProcessRebuildsTheScheduleBefore() {
    RateLimiter limiter = limiter(losing);
    limiter.noteLine(0, TIMEOUT);
    var given = new ArrayList<Grant>();
    answers.beforeRepetition = () -> given.add(takenByARebuild());

    answers.left.set(1);
    given.add(granted(limiter.acquire(ANY, TIMEOUT)));

    assertThat(given).hasSize(2).extracting(Grant::id).doesNotHaveDuplicates();
  }

  private Grant takenByARebuild() {
    LimiterState state = store.read();
    GrantSchedule rebuilt = state.schedule().rebuilt(UUID.randomUUID().toString(), Instant.now());
    GrantSchedule taken = rebuilt.withGranted(rebuilt.granted() + 1);
    assertThat(store.replace(state, state.withSchedule(taken))).isInstanceOf(Applied.class);
    return taken.lastGrants(1, Duration.ofSeconds(1)).getFirst();
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
