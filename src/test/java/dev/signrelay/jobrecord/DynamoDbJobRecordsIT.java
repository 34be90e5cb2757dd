package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The store of records on DynamoDB Local. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbJobRecordsIT extends JobRecordsContract {

  private static final Duration KEEP = Duration.ofHours(1);

  private final FakeTime time = new FakeTime();
  private DynamoDbServer server;
  private DynamoDbJobRecords records;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
    records = inTable(DynamoDbServer.JOB_TABLE);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  JobRecords records() {
    return records;
  }

  @Test
  void aRecordIsAnItemWithATimeToLive() {
    records.write(record(5, JobStatus.SIGNED), TIMEOUT);

    assertThat(item())
        .containsEntry("status", AttributeValue.fromS("signed"))
        .containsEntry("position", AttributeValue.fromN("5"))
        .containsEntry("client", AttributeValue.fromS("key-0123456789abcdef"))
        .containsEntry("acceptedAt", millis(0))
        .containsEntry("nextAttemptAt", millis(1_234))
        .containsEntry("expiresAt", seconds(1 + 3_600));
  }

  /** DynamoDB deletes items late, and a job can wait for longer than its record is kept. */
  @Test
  void aRecordIsKeptForItsTimeAfterTheNextAttemptAndThenForgotten() {
    var reader = new FakeTime();
    var readers = new DynamoDbJobRecords(server::client, DynamoDbServer.JOB_TABLE, KEEP, reader);
    records.write(record(5, JobStatus.DELIVERED), TIMEOUT);

    reader.advance(KEEP);
    assertThat(readers.read(id, TIMEOUT)).isPresent();

    reader.advance(Duration.ofSeconds(1));
    assertThat(readers.read(id, TIMEOUT)).isEmpty();
  }

  /** An Idempotency-Key can be used again when its record is forgotten. */
  @Test
  void aRedrivenJobDoesNotWriteIntoTheRecordOfAnotherJobWithItsKey() {
    JobRecord second = record(5, JobStatus.SIGNING);
    records.write(second, TIMEOUT);

    records.write(
        new JobRecord(
            id, JobStatus.SIGNED, 9, "", NOW.minusMillis(1), 1, 0, "another", null, null, null),
        TIMEOUT);

    assertThat(records.read(id, TIMEOUT)).contains(second);
  }

  @Test
  void aRecordWithoutAClientKeepsTheOneThatIsThere() {
    records.write(record(5, JobStatus.SIGNING), TIMEOUT);
    records.write(
        new JobRecord(id, JobStatus.SIGNING, 6, "", NOW, 2, 0, null, null, null, null), TIMEOUT);

    assertThat(records.read(id, TIMEOUT))
        .hasValueSatisfying(r -> assertThat(r.client()).isEqualTo("key-0123456789abcdef"));
  }

  @Test
  void attributesThatDoNotBelongToTheRecordAreNeitherReadNorChanged() {
    server
        .client()
        .putItem(
            p ->
                p.tableName(DynamoDbServer.JOB_TABLE)
                    .item(
                        Map.of(
                            "id", AttributeValue.fromS(id),
                            "status", AttributeValue.fromS("answering"),
                            "fingerprint", AttributeValue.fromS("f"),
                            "expiresAt", seconds(10))));
    assertThat(records.read(id, TIMEOUT))
        .hasValueSatisfying(r -> assertThat(r.status()).isEqualTo(JobStatus.ANSWERING));

    JobRecord written = record(1, JobStatus.WAITING);
    records.write(written, TIMEOUT);

    assertThat(records.read(id, TIMEOUT)).contains(written);
    assertThat(item()).containsEntry("fingerprint", AttributeValue.fromS("f"));
  }

  @Test
  void anItemThatIsNoRecordIsNotRead() {
    server
        .client()
        .putItem(
            p ->
                p.tableName(DynamoDbServer.JOB_TABLE)
                    .item(Map.of("id", AttributeValue.fromS(id), "expiresAt", seconds(10))));

    assertThat(records.read(id, TIMEOUT)).isEmpty();
  }

  @Test
  void aMissingTableIsUnavailable() {
    DynamoDbJobRecords missing = inTable("missing");

    assertThatThrownBy(() -> missing.write(record(1, JobStatus.WAITING), TIMEOUT))
        .isInstanceOf(RecordsUnavailableException.class)
        .hasMessage("the table failed the request");
    assertThatThrownBy(() -> missing.read(id, TIMEOUT))
        .isInstanceOf(RecordsUnavailableException.class);
  }

  @Test
  void withoutTimeTheTableIsUnavailable() {
    assertThatThrownBy(() -> records.write(record(1, JobStatus.WAITING), Duration.ZERO))
        .isInstanceOf(RecordsUnavailableException.class)
        .hasMessage("the table did not answer in time");
    assertThat(records.read(id, TIMEOUT)).isEmpty();
  }

  private DynamoDbJobRecords inTable(String table) {
    return new DynamoDbJobRecords(server::client, table, KEEP, time);
  }

  private Map<String, AttributeValue> item() {
    return server
        .client()
        .getItem(
            g ->
                g.tableName(DynamoDbServer.JOB_TABLE)
                    .key(Map.of("id", AttributeValue.fromS(id)))
                    .consistentRead(true))
        .item();
  }

  private static AttributeValue millis(long afterNow) {
    return AttributeValue.fromN(Long.toString(NOW.plusMillis(afterNow).toEpochMilli()));
  }

  private static AttributeValue seconds(long afterNow) {
    return AttributeValue.fromN(Long.toString(NOW.plusSeconds(afterNow).getEpochSecond()));
  }
}
