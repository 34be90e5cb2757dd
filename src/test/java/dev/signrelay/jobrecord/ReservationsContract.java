package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.jobrecord.Reservations.Answer;
import dev.signrelay.jobrecord.Reservations.Answer.Reserved;
import dev.signrelay.jobrecord.Reservations.Answer.Taken;
import dev.signrelay.time.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for the reservations of every store. */
abstract class ReservationsContract {

  static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final SystemTime TIME = new SystemTime();

  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration KEPT = Duration.ofDays(1);

  private Instant now = TIME.instant();
  private String id = "";

  @BeforeEach
  void begin() {
    now = TIME.instant();
    id = UUID.randomUUID().toString();
  }

  abstract Reservations reservations();

  /** The records, which are kept for a day. */
  abstract JobRecords records();

  @Test
  void aKeyIsReservedForOneRequestUntilItsLeaseEnds() {
    assertReserved(wanted("a", "one", now));

    assertThat(reserve(wanted("a", "two", now))).isEqualTo(new Taken("a", null));
    assertThat(reserve(wanted("a", "two", now.plus(LEASE).minusMillis(1))))
        .isEqualTo(new Taken("a", null));
    assertReserved(wanted("a", "two", now.plus(LEASE)));
    assertThat(reserve(wanted("a", "three", now.plus(LEASE)))).isEqualTo(new Taken("a", null));
  }

  @Test
  void aWriteThatIsRepeatedAfterALostAnswerIsNotRefused() {
    assertReserved(wanted("a", "one", now));
    assertReserved(wanted("a", "one", now));
  }

  @Test
  void theKeyStaysThatOfItsRequestAfterTheLease() {
    assertReserved(wanted("a", "one", now));

    assertThat(reserve(wanted("b", "two", now.plus(LEASE)))).isEqualTo(new Taken("a", null));
  }

  @Test
  void aReservationThatIsReleasedIsTheNextRequests() {
    Reservation made = wanted("a", "one", now);
    assertReserved(made);

    reservations().release(made, TIMEOUT);

    Instant later = TIME.instant();
    assertThat(reserve(wanted("b", "two", later))).isEqualTo(new Taken("a", null));
    assertReserved(wanted("a", "two", later));
  }

  @Test
  void onlyTheOwnerReleasesAReservation() {
    assertReserved(wanted("a", "one", now));

    reservations().release(wanted("a", "two", now), TIMEOUT);

    assertThat(reserve(wanted("a", "two", TIME.instant()))).isEqualTo(new Taken("a", null));
  }

  @Test
  void theRecordOfTheJobReplacesTheReservationAndKeepsTheFingerprint() {
    Reservation made = wanted("a", "one", now);
    assertReserved(made);
    JobRecord written = waiting();
    records().write(written, TIMEOUT);
    reservations().release(made, TIMEOUT);

    assertThat(reserve(wanted("a", "two", now.plus(LEASE)))).isEqualTo(new Taken("a", written));
    assertThat(records().read(id, TIMEOUT)).contains(written);
  }

  @Test
  void aRecordWithoutAReservationIsOfAnUnknownRequest() {
    records().write(waiting(), TIMEOUT);

    Taken taken = (Taken) reserve(wanted("a", "one", now));

    assertThat(taken.isOfAnother(wanted("a", "one", now))).isTrue();
  }

  @Test
  void aKeyThatIsForgottenIsReservedForAnyRequest() {
    assertReserved(wanted("a", "one", now));
    records().write(of(JobStatus.DELIVERED), TIMEOUT);

    assertThat(reserve(wanted("b", "two", now.plus(KEPT).minusSeconds(2))))
        .isInstanceOf(Taken.class);
    Instant forgotten = now.plus(KEPT).plusSeconds(60);
    assertReserved(wanted("b", "two", forgotten));
    assertThat(reserve(wanted("b", "three", forgotten))).isEqualTo(new Taken("b", null));
  }

  @Test
  void ofManyRequestsAtOnceOneIsReserved() throws InterruptedException {
    List<Callable<Answer>> requests =
        IntStream.range(0, 20)
            .<Callable<Answer>>mapToObj(i -> () -> reserve(wanted("a", "owner-" + i, now)))
            .toList();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(threads.invokeAll(requests))
          .extracting(result -> result.resultNow())
          .filteredOn(Reserved.class::isInstance)
          .hasSize(1);
    }
  }

  private JobRecord waiting() {
    return of(JobStatus.WAITING);
  }

  private JobRecord of(JobStatus status) {
    return new JobRecord(
        id,
        status,
        1,
        "client",
        Instant.ofEpochMilli(now.toEpochMilli()),
        0,
        0,
        null,
        null,
        null,
        null);
  }

  private Reservation wanted(String fingerprint, String owner, Instant at) {
    return new Reservation(id, "client", fingerprint, owner, at, at, at.plus(LEASE), at.plus(KEPT));
  }

  private Answer reserve(Reservation wanted) {
    return reservations().reserve(wanted, TIMEOUT);
  }

  private void assertReserved(Reservation wanted) {
    assertThat(reserve(wanted)).isEqualTo(new Reserved());
  }
}
