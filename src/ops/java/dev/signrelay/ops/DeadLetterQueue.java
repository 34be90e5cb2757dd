package dev.signrelay.ops;

import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.SENT_TIMESTAMP;

import dev.signrelay.job.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
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

  /** What a redrive does with a dead letter, which it redrives or leaves. */
  public enum Fate {
    REDRIVEN(""),
    CAME_BACK("of jobs that this run redrives: they came back, or are duplicates"),
    NEWER("newer than this run"),
    EXPIRED("expired: a redrive cannot succeed"),
    UNREADABLE("not a job that this version can read");

    private final String why;

    Fate(String why) {
      this.why = why;
    }

    /** Why it is left; empty: it is not. */
    String why() {
      return why;
    }
  }

  /**
   * Redrives each job once, so that a run ends although jobs keep failing.
   *
   * @param selected returns whether a dead letter is one of those to redrive
   * @param start when the run began
   * @param next called for each before it is redriven; returns whether it is, which is false in a
   *     dry run
   * @return the selected ones, by what became of them, or would have become in a dry run
   */
  public Map<Fate, List<DeadLetter>> redrive(
      Predicate<DeadLetter> selected, Instant start, Predicate<DeadLetter> next) {
    var run = new EnumMap<Fate, List<DeadLetter>>(Fate.class);
    Stream.of(Fate.values()).forEach(fate -> run.put(fate, new ArrayList<>()));
    Set<String> jobs = new HashSet<>();
    forEach(
        letter -> {
          if (!selected.test(letter)) {
            return false;
          }
          Fate fate = fate(letter, jobs, start);
          run.get(fate).add(letter);
          boolean isNext = fate == Fate.REDRIVEN && jobs.add(letter.jobId()) && next.test(letter);
          if (isNext) {
            redrive(letter);
          }
          return isNext;
        });
    return run;
  }

  /**
   * @param jobs those that the run redrives
   */
  private static Fate fate(DeadLetter letter, Set<String> jobs, Instant start) {
    Job job = letter.job();
    if (job == null) {
      return Fate.UNREADABLE;
    }
    if (jobs.contains(job.id())) {
      return Fate.CAME_BACK;
    }
    if (letter.sentAt().isAfter(start)) {
      return Fate.NEWER;
    }
    return job.isExpired(start) ? Fate.EXPIRED : Fate.REDRIVEN;
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

  public void delete(DeadLetter letter) {
    sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(letter.receipt()));
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
