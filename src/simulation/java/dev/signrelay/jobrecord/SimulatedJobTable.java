package dev.signrelay.jobrecord;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The table of records and reservations, simulated in memory: the items of the production stores,
 * and their conditions.
 */
public final class SimulatedJobTable {

  private final Map<String, Map<String, AttributeValue>> items = new HashMap<>();
  private final Duration keep;

  /**
   * @param keep how long a record is kept after its job is over
   */
  public SimulatedJobTable(Duration keep) {
    this.keep = keep;
  }

  /** The stores of a process that has this clock. */
  public Stores by(InstantSource clock) {
    return new Stores(clock);
  }

  private synchronized Optional<JobRecord> read(String id, Instant now) {
    return RecordItem.read(item(id), now);
  }

  private synchronized void write(JobRecord written, Instant now) {
    Map<String, AttributeValue> item = item(written.id());
    boolean isLater =
        written.position() > number(item, RecordItem.POSITION, Long.MIN_VALUE)
            && written.acceptedAt().toEpochMilli()
                >= number(item, RecordItem.ACCEPTED_AT, Long.MIN_VALUE);
    if (isLater) {
      var changed = new HashMap<>(item);
      changed.putAll(RecordItem.key(written.id()));
      RecordItem.changes(written, now, keep)
          .forEach(
              (name, value) -> {
                if (value == null) {
                  changed.remove(name);
                } else {
                  changed.put(name, value);
                }
              });
      items.put(written.id(), changed);
    }
  }

  private synchronized Reservations.Answer reserve(Reservation wanted) {
    Map<String, AttributeValue> item = item(wanted.id());
    long now = wanted.at().toEpochMilli();
    boolean isForgotten =
        number(item, RecordItem.EXPIRES_AT, Long.MIN_VALUE) <= wanted.at().getEpochSecond();
    boolean isLeft =
        isAnswering(item)
            && ReservationItem.fingerprint(item).equals(wanted.fingerprint())
            && (number(item, name("#leaseUntil"), 0) <= now || isOwner(item, wanted));
    if (isForgotten || isLeft) {
      items.put(wanted.id(), ReservationItem.write(wanted));
      return new Reservations.Answer.Reserved();
    }
    return new Reservations.Answer.Taken(
        ReservationItem.fingerprint(item),
        isAnswering(item) ? null : read(wanted.id(), wanted.at()).orElse(null));
  }

  private synchronized void release(Reservation made, Instant now) {
    Map<String, AttributeValue> item = item(made.id());
    if (isAnswering(item) && isOwner(item, made)) {
      var changed = new HashMap<>(item);
      changed.put(name("#leaseUntil"), RecordItem.number(now.toEpochMilli()));
      items.put(made.id(), changed);
    }
  }

  private Map<String, AttributeValue> item(String id) {
    return items.getOrDefault(id, Map.of());
  }

  private static boolean isAnswering(Map<String, AttributeValue> item) {
    return ReservationItem.ANSWERING.equals(item.get(RecordItem.STATUS));
  }

  private static boolean isOwner(Map<String, AttributeValue> item, Reservation made) {
    return RecordItem.string(made.owner()).equals(item.get(name("#owner")));
  }

  private static String name(String placeholder) {
    return ReservationItem.NAMES.getOrDefault(placeholder, placeholder);
  }

  private static long number(Map<String, AttributeValue> item, String name, long otherwise) {
    return item.containsKey(name) ? Long.parseLong(item.get(name).n()) : otherwise;
  }

  /** The stores of one process. Their timeouts have no effect. */
  public final class Stores implements JobRecords, Reservations {

    private final InstantSource clock;

    private Stores(InstantSource clock) {
      this.clock = clock;
    }

    @Override
    public void write(JobRecord written, Duration timeout) {
      SimulatedJobTable.this.write(written, clock.instant());
    }

    @Override
    public Optional<JobRecord> read(String id, Duration timeout) {
      return SimulatedJobTable.this.read(id, clock.instant());
    }

    @Override
    public Answer reserve(Reservation wanted, Duration timeout) {
      return SimulatedJobTable.this.reserve(wanted);
    }

    @Override
    public void release(Reservation made, Duration timeout) {
      SimulatedJobTable.this.release(made, clock.instant());
    }
  }
}
