package dev.signrelay.queue;

import static dev.signrelay.testing.Fuzz.PARSER_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.queue.JobCodec.MalformedJobException;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileMessages;
import dev.signrelay.testing.LogAssertions;
import org.junit.jupiter.api.Test;

/** Any queue message is a job that survives a round trip, or is malformed. */
public final class JobCodecFuzzTest {

  @Test
  void anyMessageIsAJobOrMalformed() {
    Fuzz.check(PARSER_CASES, HostileMessages::message, JobCodecFuzzTest::check);
  }

  /** The message is a job that survives a round trip, or is malformed. */
  public static void check(String message) {
    try {
      Job job = JobCodec.decode(message);
      assertThat(JobCodec.decode(JobCodec.encode(job))).isEqualTo(job);
      assertThat(job.id()).matches(LogAssertions.VISIBLE);
    } catch (MalformedJobException e) {
      assertThat(e).hasNoCause();
      assertThat(e.getMessage()).matches("[A-Za-z0-9 ]+");
    }
  }
}
