package dev.signrelay.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.SqsJobQueues;
import dev.signrelay.testing.FakeTime;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Answers that SQS should not give, as the SDK's client and the queues read them. */
final class SqsAnswersTest {

  /** To a job alone, the answer confirms nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"Successful":[{"Id":"0","MessageId":"m"},{"Id":"99","MessageId":"m"}]}  | true  | false
          {"Successful":[{"Id":"1","MessageId":"m"}],"Failed":[{"Id":"98"}]}       | false | true
          {}                                                                       | false | false
          """)
  void anAnswerConfirmsTheJobsWhoseIdsItHas(String json, boolean first, boolean second) {
    var acceptance = new Acceptance("id", URI.create("https://receiver.example"), FakeTime.START);
    var job = new Requeue(NeedsSignature.first(acceptance, "hello"), JobQueue.RETRY, Duration.ZERO);
    try (var sqs =
        AwsClients.sqsBuilder()
            .endpointOverride(URI.create("http://localhost"))
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(new CannedResponse(json))
            .build()) {
      var queues = new SqsJobQueues(() -> sqs, JobQueue::name, "dead", new FakeTime());

      assertThat(queues.sendAll(Collections.nCopies(2, job), Duration.ofSeconds(30)))
          .extracting(Optional::isEmpty)
          .containsExactly(first, second);
    }
  }
}
