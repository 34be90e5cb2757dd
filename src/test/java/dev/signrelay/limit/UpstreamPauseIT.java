package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The writes of a pause, on DynamoDB Local. */
final class UpstreamPauseIT {

  private static final InstantSource CLOCK = InstantSource.system();

  private final DynamoDbServer server;
  private final DynamoDbScheduleStore store;
  private int writes;

  UpstreamPauseIT() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
    store = new DynamoDbScheduleStore(server::client, server.tableName(), CLOCK);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** As with many direct calls below the limit, and an operator on another continent. */
  @Test
  void aPauseAppliesAlthoughAGrantIsTakenOrTheScheduleRebuiltBeforeEachOfItsWrites() {
    Instant idle = now().minusSeconds(10);
    GrantSchedule first = GrantSchedule.idle("first", PERIOD, 1_000, idle);
    store.replace(null, new RateLimitState(first, idle, 0, idle, ""));
    var pause = new UpstreamPause(disturbed(), server.tableName(), CLOCK);

    Instant end = pause.pause(Duration.ofHours(1)).pausedUntil();

    GrantSchedule paused = store.read().schedule();
    assertThat(paused.next()).isEqualTo(end).isAfter(now().plusSeconds(3_500));
    assertThat(writes).isEqualTo(2);

    assertThat(pause.pause(Duration.ofHours(2)).pausedUntil()).isAfter(end);
    assertThat(pause.resume().pausedUntil()).isNull();
    assertThat(store.read().schedule().granted()).as("calls that were taken").isEqualTo(2);
  }

  /** Others write before each write. */
  private DynamoDbClient disturbed() {
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (_, method, arguments) -> {
              if (!method.getName().equals("getItem")) {
                writes++;
                call();
                call();
              }
              try {
                return method.invoke(server.client(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** A process takes the next grant, if it begins now: its schedule is rebuilt first. */
  private void call() {
    RateLimitState last = store.read();
    if (!last.schedule().next().isAfter(now())) {
      GrantSchedule rebuilt = last.schedule().rebuilt(UUID.randomUUID().toString(), now());
      store.replace(last, last.withSchedule(rebuilt.withGranted(rebuilt.granted() + 1)));
    }
  }

  private static Instant now() {
    return CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
