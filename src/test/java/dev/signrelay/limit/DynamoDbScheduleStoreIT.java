package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.aws.Attributes;
import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** The contract, the size of the item and the clock of the server, on DynamoDB Local. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbScheduleStoreIT extends ScheduleStoreContract {

  private DynamoDbServer server;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  ScheduleStore emptyStore() {
    server.client().deleteItem(d -> d.tableName(server.tableName()).key(RateLimitState.KEY));
    return store(Instant::now);
  }

  private DynamoDbScheduleStore store(InstantSource clock) {
    return new DynamoDbScheduleStore(server::client, server.tableName(), clock);
  }

  /** Every request to the state costs one unit for each KB; see docs/cost.md. */
  @Test
  void aWriteOfTheLargestStateCostsOneUnit() {
    store(Instant::now).replace(store(Instant::now).read(), largestState());

    assertThat(
            server
                .client()
                .updateItem(
                    u ->
                        u.tableName(server.tableName())
                            .key(RateLimitState.KEY)
                            .updateExpression("ADD granted :one")
                            .expressionAttributeValues(Map.of(":one", Attributes.number(1)))
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
                .consumedCapacity()
                .capacityUnits())
        .isEqualTo(1);
  }

  /** The server sends its time with each answer, also if a condition fails. */
  @ParameterizedTest
  @ValueSource(ints = {-3_600, -5, 5, 3_600})
  void aProcessWhoseClockIsWrongGetsNoAnswer(int seconds) {
    DynamoDbScheduleStore wrong = store(() -> Instant.now().plusSeconds(seconds));
    RateLimitState state = store(Instant::now).read();
    Stream.<Runnable>of(
            wrong::read,
            () -> wrong.replace(null, state),
            () -> wrong.replace(state, state),
            () -> wrong.take(new Take(state, 1, Long.MAX_VALUE / 2, "t", Place.IN_LINE, null)),
            () -> wrong.note(1, 9, null, null))
        .forEach(
            request -> assertThatThrownBy(request::run).isInstanceOf(WrongClockException.class));
  }
}
