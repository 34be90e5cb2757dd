package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.jobrecord.CacheEntry.Leased;
import dev.signrelay.jobrecord.CacheEntry.Vacant;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.http.FaultyProxy;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Runs the contract on DynamoDB Local. */
final class JobTableIT extends JobTableContract {

  private static DynamoDbServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  DynamoDbClient client() {
    return server.client();
  }

  @Override
  String tableName() {
    return DynamoDbServer.JOB_TABLE;
  }

  /** The SDK repeats a request whose answer is lost. */
  @Test
  void aLeaseWhoseAnswerIsLostIsItsOwners() {
    try (var proxy = new FaultyProxy(server.endpoint());
        DynamoDbClient client = DynamoDbServer.client(proxy.url())) {
      JobTable repeated = table(client, tableName());
      proxy.loseAnswers("UpdateItem", 2);

      assertThat(repeated.leaseSignature(id, "a", LEASE_END, TIMEOUT)).isEqualTo(new Vacant());
      assertThat(repeated.leaseSignature(id, "b", LEASE_END, TIMEOUT)).isEqualTo(new Leased());
      assertThat(proxy.operations()).hasSize(4);
    }
  }

  @Test
  void aTableThatDoesNotAnswerInTimeIsMissingOrIsNoneIsUnavailable() {
    assertUnavailable(table(), Duration.ZERO, "the table did not answer in time");
    assertUnavailable(table(client(), "missing"), TIMEOUT, "the table failed the request");
    assertUnavailable(table(client(), ""), TIMEOUT, "there is no table");
    assertThat(table().readRecord(id, TIMEOUT)).as("nothing was sent").isEmpty();
  }

  private void assertUnavailable(JobTable table, Duration timeout, String message) {
    assertThatThrownBy(() -> table.readRecord(id, timeout))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> table.writeRecord(record(1, JobStatus.WAITING), timeout))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessage(message);
  }
}
