package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Runs the contract on DynamoDB Local. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbReservationsIT extends ReservationsContract {

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
  Reservations reservations() {
    return in(DynamoDbServer.JOB_TABLE);
  }

  @Override
  JobRecords records() {
    return new DynamoDbJobRecords(
        server::client, DynamoDbServer.JOB_TABLE, Duration.ofDays(1), TIME);
  }

  @Test
  void aMissingTableIsUnavailable() {
    var wanted =
        new Reservation(
            "id", "", "a", "one", TIME.instant(), TIME.instant(), TIME.instant(), TIME.instant());

    assertThatThrownBy(() -> in("missing").reserve(wanted, TIMEOUT))
        .isInstanceOf(RecordsUnavailableException.class);
    assertThatThrownBy(() -> in("missing").release(wanted, TIMEOUT))
        .isInstanceOf(RecordsUnavailableException.class);
  }

  private Reservations in(String table) {
    return new DynamoDbReservations(server::client, table, TIME);
  }
}
