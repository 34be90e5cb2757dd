package dev.signrelay.local.console;

import dev.signrelay.local.history.Histories;
import dev.signrelay.local.history.JobEvent;
import dev.signrelay.ops.DeadLetterQueue;
import dev.signrelay.ops.DeadLetterQueue.Fate;
import dev.signrelay.ops.QueueCounts;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * Redrives dead letters, as {@code ./ops dead redrive} does, and notes those that others remove
 * from the queue.
 */
record DeadLetters(DeadLetterQueue queue, InstantSource clock, Histories histories) {

  /** The maximum that SQS returns in a response. */
  private static final int BATCH = 10;

  /**
   * Redrives the dead letters of some jobs, each once.
   *
   * @return how many were redriven
   */
  int redrive(Set<String> jobs) {
    return queue
        .redrive(
            letter -> jobs.contains(letter.jobId()),
            clock.instant(),
            letter -> {
              // Before the send, because the job may continue at once.
              histories.add(JobEvent.of(letter.jobId(), clock.instant(), JobEvent.REDRIVEN));
              return true;
            })
        .get(Fate.REDRIVEN)
        .size();
  }

  /**
   * Counts the dead letters. If there are fewer than jobs that ended as one, notes which of these
   * were purged, or redriven by another tool.
   */
  int count() {
    Set<String> known = histories.deadLetters();
    int count = QueueCounts.of(queue.sqs(), queue.url()).total();
    if (count < known.size()) {
      Map<String, String> found = jobs();
      // Otherwise another reader hides some.
      if (found.size() == count) {
        var missing = new HashSet<>(known);
        missing.removeAll(found.values());
        histories.removed(missing);
      }
    }
    return count;
  }

  /**
   * The jobs of the letters that nobody hides, by the ids of the letters. Receiving with a
   * visibility timeout of 0 hides none from others. ElasticMQ returns each letter before it returns
   * one a second time.
   */
  private Map<String, String> jobs() {
    var found = new HashMap<String, String>();
    int before;
    do {
      before = found.size();
      queue
          .sqs()
          .receiveMessage(
              r ->
                  r.queueUrl(queue.url())
                      .maxNumberOfMessages(BATCH)
                      .visibilityTimeout(0)
                      .messageAttributeNames("jobId"))
          .messages()
          .forEach(
              letter -> {
                // SQS gives none to those that it moves itself.
                MessageAttributeValue job = letter.messageAttributes().get("jobId");
                found.put(letter.messageId(), job == null ? "" : job.stringValue());
              });
    } while (found.size() == before + BATCH);
    return found;
  }
}
