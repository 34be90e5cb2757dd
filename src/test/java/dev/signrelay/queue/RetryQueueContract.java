package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The contract of the queue, for every implementation. */
abstract class RetryQueueContract {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Acceptance ACCEPTANCE =
      new Acceptance(
          "2f6c1b7e",
          URI.create("https://receiver.example/in?a=b&c=%20"),
          Instant.parse("2026-11-23T12:00:00Z"));

  private String retryQueueUrl = "";
  private String deadLetterQueueUrl = "";

  /** A client of the server under test. */
  abstract SqsClient sqs();

  @BeforeEach
  void createQueues() {
    String suffix = Long.toString(System.nanoTime());
    deadLetterQueueUrl = sqs().createQueue(q -> q.queueName("dead-" + suffix)).queueUrl();
    retryQueueUrl = sqs().createQueue(q -> q.queueName("retry-" + suffix)).queueUrl();
  }

  @Test
  void aJobIsReceivedAsItWasSent() {
    Job job = new NeedsSignature(ACCEPTANCE, "hello", 2, Instant.parse("2026-11-23T13:00:00.5Z"));

    queue().send(job, Duration.ZERO, TIMEOUT);

    assertThat(receive(retryQueueUrl))
        .extracting(Message::body)
        .map(JobCodec::decode)
        .containsExactly(job);
  }

  @Test
  void charactersThatSqsRefusesArePreserved() {
    Job job = new NeedsSignature(ACCEPTANCE, "\u0001\u0000\uFFFF\uFFFE\n\t\"\\ é 🌍", 2, null);

    queue().send(job, Duration.ZERO, TIMEOUT);

    assertThat(JobCodec.decode(receive(retryQueueUrl).getFirst().body())).isEqualTo(job);
  }

  @Test
  void theLargestJobsFitIntoAMessage() {
    Job message = new NeedsSignature(ACCEPTANCE, "\u0001".repeat(4_096), 2, null);
    Job signature = new NeedsCallback(ACCEPTANCE, "é".repeat(8_192), 2, null);

    queue().send(message, Duration.ZERO, TIMEOUT);
    queue().deadLetter(signature, reason(), TIMEOUT);

    assertThat(JobCodec.decode(receive(retryQueueUrl).getFirst().body())).isEqualTo(message);
    assertThat(JobCodec.decode(receive(deadLetterQueueUrl).getFirst().body())).isEqualTo(signature);
  }

  @Test
  void tenOfTheLargestJobsFitIntoOneRequest() {
    Job largest = new NeedsCallback(ACCEPTANCE, "\u0001".repeat(16 * 1_024), 2, null);
    List<Requeue> jobs = Collections.nCopies(10, new Requeue(largest, Duration.ZERO));

    assertThat(queue().sendAll(jobs, TIMEOUT)).hasSize(10).allMatch(Optional::isEmpty);

    assertThat(count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)).isEqualTo("10");
  }

  @Test
  void manyJobsAreSentInSeveralRequestsWithTheirDelays() {
    Job job = new NeedsSignature(ACCEPTANCE, "hello", 2, null);
    List<Requeue> jobs =
        IntStream.range(0, 21)
            .mapToObj(i -> new Requeue(job, Duration.ofSeconds(i % 3 == 0 ? 0 : 900)))
            .toList();

    assertThat(queue().sendAll(jobs, TIMEOUT)).hasSize(21).allMatch(Optional::isEmpty);

    assertThat(count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)).isEqualTo("7");
    assertThat(count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)).isEqualTo("14");
  }

  @Test
  void aDelayedJobIsNotVisibleYet() {
    queue()
        .send(new NeedsSignature(ACCEPTANCE, "hello", 2, null), Duration.ofSeconds(900), TIMEOUT);

    assertThat(count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)).isEqualTo("1");
    assertThat(count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)).isEqualTo("0");
  }

  @Test
  void aDelayIsRoundedUpToWholeSeconds() {
    queue().send(new NeedsSignature(ACCEPTANCE, "hello", 2, null), Duration.ofMillis(1), TIMEOUT);

    Message message = receive(retryQueueUrl).getFirst();

    long sent = attribute(message, MessageSystemAttributeName.SENT_TIMESTAMP);
    long received =
        attribute(message, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP);
    assertThat(received - sent).isGreaterThanOrEqualTo(900);
  }

  @Test
  void aDeadLetterHasItsReasonInItsAttributes() {
    queue().deadLetter(new NeedsSignature(ACCEPTANCE, "hello", 1, null), reason(), TIMEOUT);

    Map<String, MessageAttributeValue> attributes =
        receive(deadLetterQueueUrl).getFirst().messageAttributes();

    assertThat(attributes.get("jobId").stringValue()).isEqualTo("2f6c1b7e");
    assertThat(attributes.get("reason").stringValue()).isEqualTo("signing-exhausted");
    assertThat(attributes.get("lastOutcome").stringValue()).isEqualTo("http-503");
    assertThat(attributes.get("attempts").stringValue()).isEqualTo("20");
  }

  @Test
  void aQueueThatDoesNotExistIsUnavailable() {
    var nowhere =
        new SqsRetryQueue(
            this::sqs, retryQueueUrl + "-not", deadLetterQueueUrl + "-not", new SystemTime());
    Job job = new NeedsSignature(ACCEPTANCE, "hello", 2, null);

    assertThatThrownBy(() -> nowhere.send(job, Duration.ZERO, TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class)
        .hasMessageNotContaining("hello");
    assertThatThrownBy(() -> nowhere.deadLetter(job, reason(), TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class);
    assertThat(nowhere.sendAll(Collections.nCopies(2, new Requeue(job, Duration.ZERO)), TIMEOUT))
        .hasSize(2)
        .allMatch(Optional::isPresent);
  }

  private static DeadLetterReason reason() {
    return new DeadLetterReason(DeadLetterReason.Kind.SIGNING_EXHAUSTED, "http-503", 20);
  }

  private RetryQueue queue() {
    return new SqsRetryQueue(this::sqs, retryQueueUrl, deadLetterQueueUrl, new SystemTime());
  }

  private List<Message> receive(String queueUrl) {
    return sqs()
        .receiveMessage(
            r ->
                r.queueUrl(queueUrl)
                    .waitTimeSeconds(10)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private String count(QueueAttributeName attribute) {
    return sqs()
        .getQueueAttributes(q -> q.queueUrl(retryQueueUrl).attributeNames(attribute))
        .attributes()
        .get(attribute);
  }

  private static long attribute(Message message, MessageSystemAttributeName name) {
    return Long.parseLong(message.attributes().get(name));
  }
}
