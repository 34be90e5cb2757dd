package dev.signrelay.queue;

import static dev.signrelay.job.JobQueue.LINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.policy.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The contract of the line, and of the queues that jobs join it by. */
abstract class LineContract extends JobQueuesContract {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** Longer than any test. */
  private static final Duration HOLD = Duration.ofMinutes(5);

  @Test
  void theLengthIsTheNumberOfJobsThatWait() {
    assertThat(line().length(TIMEOUT)).isZero();

    join(12);

    assertThat(line().length(TIMEOUT)).isEqualTo(12);
  }

  /** A longer poll asks all servers of SQS, so that a job that waits is found. */
  @Test
  void anEmptyLineIsPolledForASecond() {
    Instant start = Instant.now();

    assertThat(line().receive(10, HOLD, TIMEOUT)).isEmpty();

    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(900));
  }

  /** The servers of these tests keep the order of a standard queue. SQS does so approximately. */
  @Test
  void jobsAreReceivedInTheOrderInWhichTheyJoined() {
    join(12);

    List<ReceivedMessage> first = line().receive(10, HOLD, TIMEOUT);
    List<ReceivedMessage> second = line().receive(10, HOLD, TIMEOUT);

    assertThat(ids(Stream.concat(first.stream(), second.stream())))
        .containsExactlyElementsOf(IntStream.range(0, 12).mapToObj(i -> "job-" + i).toList());
  }

  @Test
  void atMostTheGivenNumberOfJobsIsReceived() {
    join(5);

    assertThat(line().receive(3, HOLD, TIMEOUT)).hasSize(3);
  }

  @Test
  void aJobIsHeldForTheGivenTimeAndStaysInLineUntilItIsRemoved() {
    join(2);
    List<ReceivedMessage> received = line().receive(10, Duration.ofSeconds(2), TIMEOUT);

    assertThat(line().receive(10, HOLD, TIMEOUT)).isEmpty();
    line().remove(received.subList(0, 1), TIMEOUT);

    List<ReceivedMessage> again = receiveAgain();
    assertThat(ids(again.stream())).isEqualTo(ids(received.stream().skip(1)));
    line().remove(again, TIMEOUT);
    assertThat(line().length(TIMEOUT)).isZero();
  }

  @Test
  void aReleasedJobIsReceivedAgainAtOnceAndTheOthersAreHeld() {
    join(2);
    List<ReceivedMessage> received = line().receive(10, HOLD, TIMEOUT);

    line().release(received.subList(1, 2), TIMEOUT);

    assertThat(ids(receiveAgain().stream())).isEqualTo(ids(received.stream().skip(1)));
  }

  /** SQS answers a request with failed entries with 200. A job stays in line then. */
  @Test
  void aReceiptThatHasExpiredPreventsNoOtherRelease() {
    join(1);
    List<ReceivedMessage> received = line().receive(1, HOLD, TIMEOUT);
    var gone = new ReceivedMessage("id", "no-receipt", "body", false);

    line().release(List.of(gone, received.getFirst()), TIMEOUT);

    assertThat(ids(receiveAgain().stream())).isEqualTo(ids(received.stream()));
  }

  private List<ReceivedMessage> receiveAgain() {
    Instant end = Instant.now().plus(TIMEOUT);
    List<ReceivedMessage> again = List.of();
    while (again.isEmpty()) {
      assertThat(Instant.now()).as("a message was visible again").isBefore(end);
      again = line().receive(10, HOLD, TIMEOUT);
    }
    return again;
  }

  @Test
  void aJobThatJoinedTheLineIsNotRedriven() {
    join(1);

    assertThat(line().receive(1, HOLD, TIMEOUT))
        .extracting(ReceivedMessage::redriven)
        .containsExactly(false);
  }

  /** A redrive keeps the attributes of a message and enqueues it anew. */
  @Test
  void aMessageThatWasSentLongBeforeItWasEnqueuedIsRedriven() {
    String sentAt = Long.toString(Instant.now().minus(Duration.ofMinutes(2)).toEpochMilli());
    sqs()
        .sendMessage(
            m ->
                m.queueUrl(url(LINE))
                    .messageBody("body")
                    .messageAttributes(
                        Map.of(
                            Redrive.SENT_AT,
                            MessageAttributeValue.builder()
                                .dataType("Number")
                                .stringValue(sentAt)
                                .build())));

    assertThat(line().receive(1, HOLD, TIMEOUT))
        .extracting(ReceivedMessage::redriven)
        .containsExactly(true);
  }

  private void join(int count) {
    for (int i = 0; i < count; i++) {
      Job job =
          NeedsSignature.first(
              new Acceptance("job-" + i, URI.create("https://receiver.example"), Instant.EPOCH),
              "hello");
      queues().send(new Requeue(job, LINE, Duration.ZERO), TIMEOUT);
    }
  }

  private static List<String> ids(Stream<ReceivedMessage> jobs) {
    return jobs.map(job -> JobCodec.decode(job.body()).id()).toList();
  }
}
