package dev.signrelay.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.quota.Quota.QuotaUnavailableException;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbQuotaIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Instant HOUR = Instant.parse("2026-03-01T12:00:00Z");

  private DynamoDbServer server;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void aClientStoresItsQuotaInAClockHourAndOthersHaveTheirs() {
    Quota quota = quota(2);

    assertThat(quota.take("shop", HOUR, TIMEOUT)).isTrue();
    assertThat(quota.take("shop", HOUR.plusMillis(3_599_999), TIMEOUT)).isTrue();
    assertThat(quota.take("shop", HOUR.plusMillis(3_599_999), TIMEOUT)).isFalse();
    assertThat(quota.take("bank", HOUR, TIMEOUT)).isTrue();
    assertThat(quota.take("shop", HOUR.plusSeconds(3_600), TIMEOUT)).isTrue();
  }

  @Test
  void aJobThatIsGivenBackIsFreeInItsHourAndNeverTwice() {
    Quota quota = quota(1);
    assertThat(quota.take("back", HOUR, TIMEOUT)).isTrue();

    quota.giveBack("back", HOUR, TIMEOUT);
    quota.giveBack("back", HOUR, TIMEOUT);

    assertThat(quota.take("back", HOUR, TIMEOUT)).isTrue();
    assertThat(quota.take("back", HOUR, TIMEOUT)).isFalse();
  }

  @Test
  void ofManyJobsAtOnceExactlyTheQuotaIsTaken() throws Exception {
    Quota quota = quota(10);
    Callable<Boolean> job = () -> quota.take("many", HOUR, TIMEOUT);
    int taken = 0;
    try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : together.invokeAll(Stream.generate(() -> job).limit(40).toList())) {
        taken += answer.get() ? 1 : 0;
      }
    }

    assertThat(taken).isEqualTo(10);
  }

  @Test
  void aCounterExpiresByItself() {
    quota(1).take("expires", HOUR.plusSeconds(1), TIMEOUT);

    assertThat(
            server
                .client()
                .getItem(
                    g ->
                        g.tableName(DynamoDbServer.JOB_TABLE)
                            .key(
                                Map.of(
                                    "id",
                                    AttributeValue.fromS("client#expires#2026-03-01T12:00:00Z"))))
                .item())
        .containsEntry("used", AttributeValue.fromN("1"))
        .containsEntry(
            "expiresAt",
            AttributeValue.fromN(Long.toString(HOUR.plusSeconds(7_200).getEpochSecond())));
  }

  @Test
  void aMissingTableIsUnavailable() {
    var missing = new DynamoDbQuota(server::client, "missing", 1, new SystemTime());

    assertThatThrownBy(() -> missing.take("shop", HOUR, TIMEOUT))
        .isInstanceOf(QuotaUnavailableException.class);
  }

  private Quota quota(int jobsPerHour) {
    return new DynamoDbQuota(
        server::client, DynamoDbServer.JOB_TABLE, jobsPerHour, new SystemTime());
  }
}
