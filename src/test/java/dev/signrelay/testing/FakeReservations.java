package dev.signrelay.testing;

import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.jobrecord.Reservations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Reservations in memory, beside records. A record is forgotten with its reservation. */
public final class FakeReservations implements Reservations {

  public final List<Duration> timeouts = new CopyOnWriteArrayList<>();
  public boolean isDown;

  /** Whether leases cannot be ended. */
  public boolean refusesReleases;

  private final FakeRecords records;
  private final InstantSource clock;
  private final Map<String, Reservation> made = new HashMap<>();

  public FakeReservations(FakeRecords records, InstantSource clock) {
    this.records = records;
    this.clock = clock;
  }

  @Override
  public synchronized Answer reserve(Reservation wanted, Duration timeout) {
    require(!isDown);
    timeouts.add(timeout);
    Reservation present = made.get(wanted.id());
    JobRecord recorded = records.read(wanted.id(), timeout).orElse(null);
    if (present == null && recorded != null) {
      return new Answer.Taken("", recorded);
    }
    if (present == null || isFree(present, wanted, recorded)) {
      records.written.removeIf(written -> written.id().equals(wanted.id()));
      made.put(wanted.id(), wanted);
      return new Answer.Reserved();
    }
    return new Answer.Taken(present.fingerprint(), recorded);
  }

  private static boolean isFree(
      Reservation present, Reservation wanted, @Nullable JobRecord recorded) {
    boolean forgotten = !present.keepUntil().isAfter(wanted.at());
    boolean leaseIsOver = !present.leaseUntil().isAfter(wanted.at());
    return forgotten
        || recorded == null
            && present.fingerprint().equals(wanted.fingerprint())
            && (leaseIsOver || present.owner().equals(wanted.owner()));
  }

  @Override
  public synchronized void release(Reservation released, Duration timeout) {
    require(!isDown && !refusesReleases);
    timeouts.add(timeout);
    made.computeIfPresent(
        released.id(),
        (_, present) ->
            present.owner().equals(released.owner())
                ? new Reservation(
                    present.id(),
                    present.client(),
                    present.fingerprint(),
                    present.owner(),
                    present.acceptedAt(),
                    present.at(),
                    clock.instant(),
                    present.keepUntil())
                : present);
  }

  private static void require(boolean up) {
    if (!up) {
      throw new RecordsUnavailableException("the table is down");
    }
  }
}
