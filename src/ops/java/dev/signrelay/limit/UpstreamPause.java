package dev.signrelay.limit;

import static java.util.stream.Collectors.toMap;

import dev.signrelay.aws.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * Pauses the upstream calls of all functions, by the rate limiter's item. Jobs are accepted and
 * wait in the line; deliveries go on. Grants that have been taken are used: for a few seconds calls
 * may still begin. Functions of release 0.2.0 took grants up to two minutes ahead.
 *
 * <p>Each method throws {@link NoScheduleException} if there is no schedule, and {@link
 * ClockCheck.WrongClockException} if this machine's clock is wrong.
 */
public final class UpstreamPause {

  /** A write conflicts only with a changed limit, or with calls at the end of a pause. */
  private static final int MAX_TRIES = 20;

  /**
   * What the item says.
   *
   * @param callsPerMinute the limit
   * @param nextCall when the next grant that can be taken begins; may be past
   * @param expected when a job that joins the line now can expect its call; may be past
   * @param pausedUntil null: calls are not paused
   */
  public record Status(
      int callsPerMinute, Instant nextCall, Instant expected, @Nullable Instant pausedUntil) {}

  /** No function with a limit has asked since the table was made. */
  public static final class NoScheduleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoScheduleException() {
      super("the rate limiter's table has no schedule");
    }
  }

  private final DynamoDbClient client;
  private final String table;
  private final InstantSource clock;

  public UpstreamPause(DynamoDbClient client, String table, InstantSource clock) {
    this.client = client;
    this.table = table;
    this.clock = clock;
  }

  public Status status() {
    return status(read());
  }

  /** When the next calls can begin, in order: the jobs in line can expect them. */
  public List<Instant> nextCalls(int count) {
    return read().nextCalls(count, now());
  }

  /**
   * Pauses calls from now, or moves the end of a pause. A first write stops all calls, whichever
   * schedule is in force, and returns that schedule: while calls go on, what was read is out of
   * date before it can be written. A second write sets the end. Without it, calls begin again three
   * minutes later.
   *
   * @return its end is later than asked for if grants that have been given require it
   */
  public Status pause(Duration time) {
    Instant until = now().plus(time);
    return tried(
        () -> {
          PausableState stopped = read().stopped(version(), now());
          return replacedBy(stopped)
              .map(before -> before.paused(version(), until))
              .filter(paused -> isReplaced(stopped.schedule(), paused));
        });
  }

  /** Ends a pause, unless there is none or calls that begin at its end have their grants. */
  public Status resume() {
    return tried(
        () -> {
          PausableState current = read();
          Optional<PausableState> next = current.resumed(version(), now());
          return next.isEmpty()
              ? Optional.of(current)
              : next.filter(resumed -> isReplaced(current.schedule(), resumed));
        });
  }

  /**
   * @param write returns the state that results; empty: it conflicted
   */
  private Status tried(Supplier<Optional<PausableState>> write) {
    return Stream.generate(write)
        .limit(MAX_TRIES)
        .flatMap(Optional::stream)
        .findFirst()
        .map(this::status)
        .orElseThrow(
            () ->
                new IllegalStateException("the limit changed at each of " + MAX_TRIES + " tries"));
  }

  /**
   * Replaces whichever schedule is in force, if it has as many calls. Returns it; empty: it has
   * not, or the answer to a first write was lost.
   */
  private Optional<PausableState> replacedBy(PausableState next) {
    Map<String, AttributeValue> item = next.state().item();
    Map<String, AttributeValue> values =
        Stream.of("version", "calls", "periodMillis", "slots", "granted", "freeFrom", "takenBy")
            .collect(toMap(name -> ":" + name, item::get));
    try {
      return Optional.of(
          PausableState.read(
              client
                  .updateItem(
                      u ->
                          u.tableName(table)
                              .key(RateLimitState.KEY)
                              .updateExpression(
                                  "SET version = :version, slots = :slots, granted = :granted,"
                                      + " freeFrom = :freeFrom, takenBy = :takenBy REMOVE "
                                      + PausableState.BEFORE)
                              .conditionExpression(
                                  "calls = :calls AND periodMillis = :periodMillis"
                                      + " AND version <> :version")
                              .expressionAttributeValues(values)
                              .returnValues(ReturnValue.ALL_OLD))
                  .attributes()));
    } catch (ConditionalCheckFailedException _) {
      return Optional.empty();
    }
  }

  private boolean isReplaced(GrantSchedule expected, PausableState next) {
    try {
      client.putItem(
          p ->
              p.tableName(table)
                  .item(next.write())
                  .conditionExpression("version = :version AND granted = :granted")
                  .expressionAttributeValues(
                      Map.of(
                          ":version", Attributes.text(expected.version()),
                          ":granted", Attributes.number(expected.granted()))));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }

  private PausableState read() {
    Instant sent = clock.instant();
    GetItemResponse response =
        client.getItem(g -> g.tableName(table).key(RateLimitState.KEY).consistentRead(true));
    String date = response.sdkHttpResponse().firstMatchingHeader("Date").orElse(null);
    ClockCheck.require(sent, clock.instant(), date);
    if (response.item().isEmpty()) {
      throw new NoScheduleException();
    }
    return PausableState.read(response.item());
  }

  private static String version() {
    return UUID.randomUUID().toString();
  }

  private Status status(PausableState current) {
    GrantSchedule schedule = current.schedule();
    return new Status(
        schedule.calls(),
        schedule.next(),
        schedule.time(schedule.granted() + current.state().waiting()),
        current.pausedUntil(now()).orElse(null));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
