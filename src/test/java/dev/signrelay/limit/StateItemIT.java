package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");

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

  @Test
  void theStateOfRelease010IsRead() {
    putStateOfRelease010(100);

    LimiterState state = store.read();

    assertThat(state.schedule())
        .isEqualTo(
            new GrantSchedule(
                "old",
                PERIOD,
                100,
                IntStream.range(0, 100).mapToObj(i -> T.plusMillis(i)).toList(),
                7,
                Instant.EPOCH));
    assertThat(state.askedAt()).isEqualTo(Instant.EPOCH);
    assertThat(state.waiting()).isZero();
    assertThat(state.token()).isEmpty();
    assertThat(state.isNoted(T)).isTrue();
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

  @Test
  void theStateOfRelease010IsTakenFromNotedAndReplaced() {
    putStateOfRelease010(100);

    var take = new Take(store.read(), 2, 7, 8, "token", Place.IN_LINE, T);
    assertThat(store.take(take))
        .isInstanceOfSatisfying(
            Applied.class,
            taken -> {
              assertThat(taken.current().schedule().granted()).isEqualTo(9);
              assertThat(taken.current().schedule().calls()).isEqualTo(100);
              assertThat(taken.current().askedAt()).isEqualTo(T);
            });
    assertThat(store.note(3, 9, T, null)).isInstanceOf(Applied.class);
    LimiterState state = store.read();
    LimiterState rebuilt = state.withSchedule(state.schedule().rebuilt("new", T));
    assertThat(store.replace(state, rebuilt)).isEqualTo(new Applied(rebuilt));
  }

  /** Every request to the state costs one unit for each KB; see docs/cost.md. */
  @Test
  void aWriteOfTheLargestStateCostsOneUnit() {
    store.replace(null, ScheduleStoreContract.largestState());

    assertThat(unitsOfAWrite()).isEqualTo(1);
  }

  @Test
  void aWriteOfTheStateOfRelease010CostsMoreUntilItIsRebuilt() {
    putStateOfRelease010(1_000);
    assertThat(unitsOfAWrite()).isBetween(8.0, 10.0);

    LimiterState state = store.read();
    store.replace(state, state.withSchedule(state.schedule().rebuilt("new", T)));

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

  private void putStateOfRelease010(int calls) {
    List<AttributeValue> slots =
        IntStream.range(0, calls)
            .mapToObj(i -> AttributeValue.fromN(String.valueOf(T.plusMillis(i).toEpochMilli())))
            .toList();
    put(
        Map.of(
            "id", string("schedule"),
            "version", string("old"),
            "periodMillis", AttributeValue.fromN("62500"),
            "slots", AttributeValue.fromL(slots),
            "granted", AttributeValue.fromN("7")));
  }

  private void put(Map<String, AttributeValue> item) {
    server.client().putItem(p -> p.tableName(server.tableName()).item(item));
  }

  private static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }
}
