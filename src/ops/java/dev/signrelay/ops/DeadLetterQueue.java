package dev.signrelay.ops;

import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.SENT_TIMESTAMP;

import dev.signrelay.job.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The dead-letter queue, as an operator uses it.
 *
 * <p>SQS shows a message only to the one who receives it. Those that were received are therefore
 * made visible again at the end; if that fails, they are after {@value #HIDDEN_SECONDS} s. A
 * receive increments a message's receive count. Nothing follows from that: the queue has no redrive
 * policy, and a redriven job is a new message.
 */
public record DeadLetterQueue(SqsClient sqs, String url, String retryQueueUrl) {

  /** The most that SQS receives or changes in a request. */
  private static final int BATCH = 10;

  /** Longer than ten messages take at one a second. */
  private static final int HIDDEN_SECONDS = 30;

  /** Long polling asks all servers of the queue. */
  private static final int LONG_POLL_SECONDS = 1;

  /**
   * Receives each dead letter once, unless another reader has it.
   *
   * @param visitor returns whether it has removed the dead letter
   */
  public void forEach(Predicate<DeadLetter> visitor) {
    Set<String> seen = new HashSet<>();
    Map<String, String> receipts = new LinkedHashMap<>();
    try {
      // Messages that are visible again, because this takes long, may come before others.
      for (int repeated = 0; repeated <= seen.size() / BATCH; repeated++) {
        List<Message> batch = receive();
        if (batch.isEmpty()) {
          return;
        }
        batch.forEach(message -> receipts.put(message.messageId(), message.receiptHandle()));
        for (Message message : batch) {
          if (seen.add(message.messageId())) {
            repeated = -1;
            if (visitor.test(DeadLetter.of(message))) {
              receipts.remove(message.messageId());
            }
          }
        }
      }
    } finally {
      showAgain(List.copyOf(receipts.values()));
    }
  }

  /**
   * What a redrive did with the dead letters that were selected.
   *
   * @param redriven in a dry run, those that would have been
   * @param cameBack further ones of jobs that this run redrives: they failed again, or are
   *     duplicates
   * @param newer than the run
   * @param expired whose jobs would be dead letters again at once
   * @param unreadable that are no job that this version can read
   */
  public record Redriven(
      List<DeadLetter> redriven,
      List<DeadLetter> cameBack,
      List<DeadLetter> newer,
      List<DeadLetter> expired,
      List<DeadLetter> unreadable) {

    Redriven() {
      this(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }

    Stream<DeadLetter> left() {
      return Stream.of(cameBack, newer, expired, unreadable).flatMap(List::stream);
    }
  }

  /**
   * Redrives each job once, so that a run ends although jobs keep failing.
   *
   * @param selected returns whether a dead letter is one of those to redrive
   * @param start when the run began
   * @param next called for each before it is redriven; returns whether it is, which is false in a
   *     dry run
   */
  public Redriven redrive(
      Predicate<DeadLetter> selected, Instant start, Predicate<DeadLetter> next) {
    var run = new Redriven();
    Set<String> jobs = new HashSet<>();
    forEach(
        letter -> {
          if (!selected.test(letter)) {
            return false;
          }
          Job job = letter.job();
          List<DeadLetter> kind =
              job == null
                  ? run.unreadable()
                  : jobs.contains(job.id())
                      ? run.cameBack()
                      : letter.sentAt().isAfter(start)
                          ? run.newer()
                          : job.isExpired(start) ? run.expired() : run.redriven();
          kind.add(letter);
          boolean isNext = kind == run.redriven() && jobs.add(letter.jobId()) && next.test(letter);
          if (isNext) {
            redrive(letter);
          }
          return isNext;
        });
    return run;
  }

  /**
   * Sends a job to the retry queue, which takes jobs with and without a signature, and then deletes
   * it here, so that a failure can duplicate it but not lose it. Like SQS's own move it keeps the
   * attributes: by the time in them, RetryFunction recognizes a redriven job, which starts anew.
   */
  private void redrive(DeadLetter letter) {
    sqs.sendMessage(
        m ->
            m.queueUrl(retryQueueUrl)
                .messageBody(letter.body())
                .messageAttributes(letter.attributes()));
    delete(letter);
  }

  /** Deletes a dead letter that was received. */
  public void delete(DeadLetter letter) {
    sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(letter.receipt()));
  }

  /** Deletes all dead letters, also those that another reader has. */
  public void purge() {
    sqs.purgeQueue(p -> p.queueUrl(url));
  }

  private List<Message> receive() {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(url)
                    .maxNumberOfMessages(BATCH)
                    .visibilityTimeout(HIDDEN_SECONDS)
                    .waitTimeSeconds(LONG_POLL_SECONDS)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(SENT_TIMESTAMP))
        .messages();
  }

  /** A message that another reader has received meanwhile stays with that reader. */
  private void showAgain(List<String> receipts) {
    try {
      for (int from = 0; from < receipts.size(); from += BATCH) {
        List<String> batch = receipts.subList(from, Math.min(from + BATCH, receipts.size()));
        sqs.changeMessageVisibilityBatch(c -> c.queueUrl(url).entries(entries(batch)));
      }
    } catch (SdkException _) {
      // They are visible again when their time is over.
    }
  }

  private static List<ChangeMessageVisibilityBatchRequestEntry> entries(List<String> receipts) {
    return IntStream.range(0, receipts.size())
        .mapToObj(
            i ->
                ChangeMessageVisibilityBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .receiptHandle(receipts.get(i))
                    .visibilityTimeout(0)
                    .build())
        .toList();
  }
}
