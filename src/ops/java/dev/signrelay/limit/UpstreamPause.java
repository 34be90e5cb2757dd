package dev.signrelay.limit;

import dev.signrelay.aws.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/**
 * Pauses the upstream calls of all functions, by the rate limiter's item. Jobs are accepted and
 * wait in the line; deliveries go on. Grants that have been taken are used: for a few seconds calls
 * may still begin. Functions of release 0.2.0 took grants up to two minutes ahead.
 *
 * <p>Each write is conditional on the schedule that was read. A write whose answer was lost is
 * recognized by the schedule's version. Each method throws {@link NoScheduleException} if there is
 * no schedule, and {@link ClockCheck.WrongClockException} if this machine's clock is wrong.
 */
public final class UpstreamPause {

  private static final int MAX_WRITES = 20;

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
   * Pauses calls from now, or moves the end of a pause.
   *
   * @return its end is later than asked for if grants that have been given require it
   */
  public Status pause(Duration time) {
    Instant until = now().plus(time);
    return change((current, version) -> Optional.of(current.paused(version, until)));
  }

  /** Ends a pause, unless there is none or calls that begin at its end have their grants. */
  public Status resume() {
    return change((current, version) -> current.resumed(version, now()));
  }

  /**
   * @param change of the present state, to a schedule with a version
   */
  private Status change(BiFunction<PausableState, String, Optional<PausableState>> change) {
    String version = UUID.randomUUID().toString();
    for (int i = 0; i < MAX_WRITES; i++) {
      PausableState current = read();
      if (current.schedule().version().equals(version)) {
        return status(current);
      }
      Optional<PausableState> next = change.apply(current, version);
      if (next.isEmpty()) {
        return status(current);
      }
      if (isReplaced(current.schedule(), next.get())) {
        return status(next.get());
      }
    }
    throw new IllegalStateException("the schedule changed at each of " + MAX_WRITES + " writes");
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
