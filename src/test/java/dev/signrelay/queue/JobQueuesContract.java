package dev.signrelay.queue;

import static dev.signrelay.job.JobQueue.CALLBACK;
import static dev.signrelay.job.JobQueue.LINE;
import static dev.signrelay.job.JobQueue.RETRY;
import static java.time.temporal.ChronoUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The contract of the queues and of the line, for every implementation. */
abstract class JobQueuesContract {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** Longer than any test. */
  private static final Duration HOLD = Duration.ofMinutes(5);

  private static final Acceptance ACCEPTANCE =
      new Acceptance(
          "2f6c1b7e",
          URI.create("https://receiver.example/in?a=b&c=%20"),
          Instant.parse("2026-11-23T12:00:00Z"));

  private final Map<JobQueue, String> urls = new EnumMap<>(JobQueue.class);
  private String deadLetterQueueUrl = "";

  /** A client of the server under test. */
  abstract SqsClient sqs();

  @BeforeEach
  void createQueues() {
    String suffix = Long.toString(System.nanoTime());
    deadLetterQueueUrl = sqs().createQueue(q -> q.queueName("dead-" + suffix)).queueUrl();
    for (JobQueue queue : JobQueue.values()) {
      urls.put(queue, sqs().createQueue(q -> q.queueName(queue + "-" + suffix)).queueUrl());
    }
  }

  /** SQS keeps a message's attributes when it redrives it, and gives it another timestamp. */
  @Test
  void aMessageHasTheTimeAtWhichItWasSent() {
    long before = System.currentTimeMillis();
    Job job = new NeedsSignature(ACCEPTANCE, "hello", 2, null, ACCEPTANCE.at());

    queues().send(new Requeue(job, Duration.ZERO), TIMEOUT);
    var _ =
        queues().sendAll(Collections.nCopies(2, new Requeue(job, LINE, Duration.ZERO)), TIMEOUT);
    queues().deadLetter(job, reason(), TIMEOUT);

    for (String url : List.of(urls.get(RETRY), urls.get(LINE), deadLetterQueueUrl)) {
      assertThat(
              receive(url)
                  .getFirst()
                  .messageAttributes()
                  .get(ReceivedMessage.SENT_AT)
                  .stringValue())
          .satisfies(
              sent ->
                  assertThat(Long.parseLong(sent)).isBetween(before, System.currentTimeMillis()));
    }
  }

  @Test
  void theLargestJobsAndTheCharactersThatSqsRefusesArePreserved() {
    String refused = "\u0000\uFFFF\uFFFE\n\t\"\\ é 🌍";
    Job message =
        new NeedsSignature(ACCEPTANCE, refused + "\u0001".repeat(4_077), 2, null, ACCEPTANCE.at());
    Job signature = new NeedsCallback(ACCEPTANCE, "é".repeat(8_192), 2, null, ACCEPTANCE.at(), 1);

    queues().send(new Requeue(message, Duration.ZERO), TIMEOUT);
    queues().deadLetter(signature, reason(), TIMEOUT);

    assertThat(JobCodec.decode(receive(RETRY).getFirst().body())).isEqualTo(message);
    assertThat(JobCodec.decode(receive(deadLetterQueueUrl).getFirst().body())).isEqualTo(signature);
  }

  @Test
  void tenOfTheLargestJobsFitIntoOneRequest() {
    Job largest =
        new NeedsCallback(ACCEPTANCE, "\u0001".repeat(16 * 1_024), 2, null, ACCEPTANCE.at(), 1);
    List<Requeue> jobs = Collections.nCopies(10, new Requeue(largest, Duration.ZERO));

    assertThat(queues().sendAll(jobs, TIMEOUT)).hasSize(10).allMatch(Optional::isEmpty);

    assertThat(visible(CALLBACK)).isEqualTo(10);
  }

  @Test
  void manyJobsAreSentToTheirQueuesWithTheirDelays() {
    Job job = new NeedsSignature(ACCEPTANCE, "hello", 2, null, ACCEPTANCE.at());
    Job signed = new NeedsCallback(ACCEPTANCE, "signature", 1, null, ACCEPTANCE.at(), 1);
    List<Requeue> jobs =
        IntStream.range(0, 9)
            .mapToObj(i -> new Requeue(job, Duration.ofSeconds(i % 3 == 0 ? 0 : 900)))
            .collect(Collectors.toCollection(ArrayList::new));
    jobs.add(new Requeue(signed, Duration.ZERO));

    assertThat(queues().sendAll(jobs, TIMEOUT)).hasSize(10).allMatch(Optional::isEmpty);

    assertThat(visible(RETRY)).isEqualTo(3);
    assertThat(delayed(RETRY)).isEqualTo(6);
    assertThat(visible(CALLBACK)).isEqualTo(1);
  }

  @Test
  void aDeadLetterHasItsReasonInItsAttributes() {
    queues().deadLetter(NeedsSignature.first(ACCEPTANCE, "hello"), reason(), TIMEOUT);

    Map<String, MessageAttributeValue> attributes =
        receive(deadLetterQueueUrl).getFirst().messageAttributes();

    assertThat(attributes.get("jobId").stringValue()).isEqualTo("2f6c1b7e");
    assertThat(attributes.get("reason").stringValue()).isEqualTo("signing-exhausted");
    assertThat(attributes.get("lastOutcome").stringValue()).isEqualTo("http-503");
    assertThat(attributes.get("attempts").stringValue()).isEqualTo("20");
  }

  /** SQS refuses an empty body: it becomes a blank. */
  @Test
  void aMessageThatIsNotAJobIsDeadLetteredAsItIsWithItsReason() {
    var message = new ReceivedMessage("id", "receipt", "no job é", false, null);

    queues().deadLetter(message, "it is not JSON", TIMEOUT);

    Message dead = receive(deadLetterQueueUrl).getFirst();
    assertThat(dead.body()).isEqualTo("no job é");
    assertThat(dead.messageAttributes().get("reason").stringValue()).isEqualTo("malformed");
    assertThat(dead.messageAttributes().get("lastOutcome").stringValue())
        .isEqualTo("it is not JSON");
    assertThat(dead.messageAttributes()).doesNotContainKeys("jobId", "attempts");

    queues().deadLetter(new ReceivedMessage("id", "receipt", "", false, null), "no JSON", TIMEOUT);
    assertThat(receive(deadLetterQueueUrl)).extracting(Message::body).containsExactly(" ");
  }

  @Test
  void aQueueThatDoesNotExistIsUnavailable() {
    String missing = urls.get(RETRY) + "-not";
    var nowhere = new SqsJobQueues(this::sqs, _ -> missing, missing, new SystemTime());
    var job =
        new Requeue(
            new NeedsSignature(ACCEPTANCE, "hello", 2, null, ACCEPTANCE.at()), Duration.ZERO);

    assertThatThrownBy(() -> nowhere.send(job, TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class)
        .hasMessageNotContaining("hello");
    assertThatThrownBy(() -> nowhere.deadLetter(job.job(), reason(), TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class);
    assertThat(nowhere.sendAll(Collections.nCopies(2, job), TIMEOUT))
        .hasSize(2)
        .allMatch(Optional::isPresent);
    assertThatThrownBy(() -> new SqsLine(this::sqs, missing, new SystemTime()).length(TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class);
  }

  private static DeadLetterReason reason() {
    return new DeadLetterReason(DeadLetterReason.Kind.SIGNING_EXHAUSTED, "http-503", 20);
  }

  // The line

  /** The servers of these tests keep the order of a standard queue. SQS does so approximately. */
  @Test
  void jobsAreCountedAndReceivedInTheOrderInWhichTheyJoined() {
    join(12);

    assertThat(line().length(TIMEOUT)).isEqualTo(12);
    List<ReceivedMessage> first = line().receive(3, HOLD, TIMEOUT);
    List<ReceivedMessage> second = line().receive(10, HOLD, TIMEOUT);

    assertThat(first).hasSize(3);
    assertThat(ids(Stream.concat(first.stream(), second.stream())))
        .containsExactlyElementsOf(IntStream.range(0, 12).mapToObj(i -> "job-" + i).toList());
  }

  /** A longer poll asks all servers of SQS, so that a job that waits is found. */
  @Test
  void anEmptyLineIsPolledForASecond() {
    Instant start = Instant.now();

    assertThat(line().receive(10, HOLD, TIMEOUT)).isEmpty();

    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(900));
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

  /** SQS answers a request with failed entries with 200. */
  @Test
  void aReleasedJobIsReceivedAgainAtOnceEvenIfAnotherCouldNotBeReleased() {
    join(2);
    List<ReceivedMessage> received = line().receive(10, HOLD, TIMEOUT);
    var gone = new ReceivedMessage("id", "no-receipt", "body", false, null);

    line().release(List.of(gone, received.get(1)), TIMEOUT);

    assertThat(ids(receiveAgain().stream())).isEqualTo(ids(received.stream().skip(1)));
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

  /** A redrive keeps the attributes of a message and enqueues it anew. */
  @Test
  void aMessageThatWasSentLongBeforeItWasEnqueuedIsRedriven() {
    join(1);
    String sentAt = Long.toString(Instant.now().minus(Duration.ofMinutes(2)).toEpochMilli());
    var attribute = MessageAttributeValue.builder().dataType("Number").stringValue(sentAt).build();
    sqs()
        .sendMessage(
            m ->
                m.queueUrl(urls.get(LINE))
                    .messageBody("body")
                    .messageAttributes(Map.of(ReceivedMessage.SENT_AT, attribute)));

    assertThat(line().receive(10, HOLD, TIMEOUT))
        .allSatisfy(m -> assertThat(m.enqueuedAt()).isCloseTo(Instant.now(), within(1, MINUTES)))
        .extracting(ReceivedMessage::redriven)
        .containsExactly(false, true);
  }

  private void join(int count) {
    for (int i = 0; i < count; i++) {
      var acceptance = new Acceptance("job-" + i, ACCEPTANCE.callbackUrl(), ACCEPTANCE.at());
      Job job = NeedsSignature.first(acceptance, "hello");
      queues().send(new Requeue(job, LINE, Duration.ZERO), TIMEOUT);
    }
  }

  private static List<String> ids(Stream<ReceivedMessage> jobs) {
    return jobs.map(job -> JobCodec.decode(job.body()).id()).toList();
  }

  private JobQueues queues() {
    return new SqsJobQueues(this::sqs, urls::get, deadLetterQueueUrl, new SystemTime());
  }

  private Line line() {
    return new SqsLine(this::sqs, urls.get(LINE), new SystemTime());
  }

  private List<Message> receive(JobQueue queue) {
    return receive(urls.get(queue));
  }

  private List<Message> receive(String queueUrl) {
    return sqs()
        .receiveMessage(r -> r.queueUrl(queueUrl).waitTimeSeconds(10).messageAttributeNames("All"))
        .messages();
  }

  private int visible(JobQueue queue) {
    return count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
  }

  private int delayed(JobQueue queue) {
    return count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
  }

  private int count(JobQueue queue, QueueAttributeName attribute) {
    return Integer.parseInt(
        sqs()
            .getQueueAttributes(q -> q.queueUrl(urls.get(queue)).attributeNames(attribute))
            .attributes()
            .get(attribute));
  }
}
