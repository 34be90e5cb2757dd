package dev.signrelay.local;

import java.time.Duration;
import java.util.List;

/**
 * A queue that invokes a function: an event of type {@code SQS} in the template.
 *
 * @param queue the queue's logical ID
 * @param batchSize the maximum number of messages per invocation, at most 10
 * @param window how long a batch that is not full waits for more messages
 * @param concurrency the maximum number of concurrent invocations
 */
public record SqsTrigger(String queue, int batchSize, Duration window, int concurrency) {

  /** The queues that invoke a function of the template, with parameters at their defaults. */
  public static List<SqsTrigger> of(Template template, String function) {
    return template.events(function, "SQS").stream()
        .map(
            event ->
                new SqsTrigger(
                    Template.logicalId(event.get("Queue")),
                    template.integer(event.get("BatchSize")),
                    Duration.ofSeconds(
                        template.integer(event.getOrDefault("MaximumBatchingWindowInSeconds", 0))),
                    template.integer(
                        Template.map(event.get("ScalingConfig")).get("MaximumConcurrency"))))
        .toList();
  }

  /** The same trigger with a window that is not longer than another. */
  SqsTrigger withWindowUpTo(Duration most) {
    return new SqsTrigger(
        queue, batchSize, window.compareTo(most) > 0 ? most : window, concurrency);
  }
}
