package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store of records does. */
abstract class JobRecordsContract {

  static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final String CLIENT = "key-0123456789abcdef";
  static final Instant NOW = FakeTime.START;

  String id = "";

  @BeforeEach
  void newJob() {
    id = UUID.randomUUID().toString();
  }

  abstract JobRecords records();

  @Test
  void aJobWithoutARecordIsUnknown() {
    records().write(record(5, JobStatus.SIGNING), TIMEOUT);

    assertThat(records().read(UUID.randomUUID().toString(), TIMEOUT)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(JobStatus.class)
  void aRecordIsReadAsItWasWritten(JobStatus status) {
    JobRecord written = record(5, status);

    records().write(written, TIMEOUT);

    assertThat(records().read(id, TIMEOUT)).contains(written);
  }

  @Test
  void aRecordWithoutOptionalMembersIsReadAsItWasWritten() {
    var written = new JobRecord(id, JobStatus.WAITING, 1, "", NOW, 0, 0, null, null, null, null);

    records().write(written, TIMEOUT);

    assertThat(records().read(id, TIMEOUT)).contains(written);
  }

  @Test
  void aLaterRecordReplacesAnEarlierOneWithAllItsMembers() {
    records().write(record(5, JobStatus.FAILED), TIMEOUT);
    var later =
        new JobRecord(id, JobStatus.SIGNING, 6, CLIENT, NOW, 7, 0, null, "http-503", null, null);

    records().write(later, TIMEOUT);

    assertThat(records().read(id, TIMEOUT)).contains(later);
  }

  /** A copy of a message, or the SDK's repetition of a request whose answer was lost. */
  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void aRecordThatIsNotLaterChangesNothingAndIsNoError(long position) {
    JobRecord stored = record(5, JobStatus.DELIVERING);
    records().write(stored, TIMEOUT);

    records().write(record(position, JobStatus.FAILED), TIMEOUT);

    assertThat(records().read(id, TIMEOUT)).contains(stored);
  }

  @Test
  void nothingFollowsTheLastPosition() {
    JobRecord stored = record(Long.MAX_VALUE, JobStatus.DELIVERED);
    records().write(record(9_000_000_000_000_000_000L, JobStatus.DELIVERING), TIMEOUT);
    records().write(stored, TIMEOUT);

    records().write(record(Long.MAX_VALUE, JobStatus.SIGNED), TIMEOUT);
    records().write(record(Long.MAX_VALUE - 1, JobStatus.FAILED), TIMEOUT);

    assertThat(records().read(id, TIMEOUT)).contains(stored);
  }

  /** A job that expires, or that is not called, has no new outcome. */
  @Test
  void aRecordWithoutAnOutcomeKeepsTheEarlierOne() {
    records().write(record(5, JobStatus.SIGNING), TIMEOUT);

    records().write(withOutcome(6, null), TIMEOUT);

    assertThat(records().read(id, TIMEOUT)).contains(withOutcome(6, "http-429"));
  }

  private JobRecord withOutcome(long position, @Nullable String outcome) {
    return new JobRecord(
        id, JobStatus.EXPIRED, position, CLIENT, NOW, 1, 0, null, outcome, null, "expired");
  }

  JobRecord record(long position, JobStatus status) {
    return new JobRecord(
        id,
        status,
        position,
        CLIENT,
        NOW,
        3,
        2,
        "sïgnature\u0001",
        "http-429",
        NOW.plusMillis(1_234),
        "message-rejected");
  }
}
