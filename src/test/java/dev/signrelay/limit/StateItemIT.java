package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** The item of the template's table, and the clock of the server, on DynamoDB Local. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StateItemIT {

  private DynamoDbServer server;
  private DynamoDbScheduleStore store;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
    store = new DynamoDbScheduleStore(server::client, server.tableName(), Instant::now);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void deleteTheState() {
    server.client().deleteItem(d -> d.tableName(server.tableName()).key(StateItem.KEY));
  }

  /** It notes the line every minute, without the time. */
  @Test
  void theLineOfRelease020IsNoted() {
    store.replace(null, ScheduleStoreContract.largestState());
    server
        .client()
        .updateItem(
            u ->
                u.tableName(server.tableName())
                    .key(StateItem.KEY)
                    .updateExpression("REMOVE notedAt"));

    assertThat(store.read().isNoted(Instant.now())).isTrue();
    assertThat(store.read().waiting()).isEqualTo(999_999_999);
  }

  /** Every request to the state costs one unit for each KB; see docs/cost.md. */
  @Test
  void aWriteOfTheLargestStateCostsOneUnit() {
    store.replace(null, ScheduleStoreContract.largestState());

    assertThat(unitsOfAWrite()).isEqualTo(1);
  }

  private double unitsOfAWrite() {
    return server
        .client()
        .updateItem(
            u ->
                u.tableName(server.tableName())
                    .key(StateItem.KEY)
                    .updateExpression("ADD granted :one")
                    .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
        .consumedCapacity()
        .capacityUnits();
  }

  /** The server sends its time with each answer, also if a condition fails. */
  @ParameterizedTest
  @ValueSource(ints = {-3_600, -5, 5, 3_600})
  void aProcessWhoseClockIsWrongGetsNoAnswer(int seconds) {
    var wrong =
        new DynamoDbScheduleStore(
            server::client, server.tableName(), () -> Instant.now().plusSeconds(seconds));
    LimiterState state = ScheduleStoreContract.largestState();
    store.replace(null, state);

    Stream.<Runnable>of(
            wrong::read,
            () -> wrong.replace(null, state),
            () -> wrong.replace(state, state),
            () -> wrong.take(new Take(state, 1, 0, Long.MAX_VALUE / 2, "t", Place.IN_LINE, null)),
            () -> wrong.note(1, 9, null, null))
        .forEach(
            request -> assertThatThrownBy(request::run).isInstanceOf(WrongClockException.class));
  }
}
