package dev.signrelay.local;

import java.util.List;

/**
 * A queue that invokes a function: an event of type {@code SQS} in the template, which has no batch
 * window.
 *
 * @param queue the queue's logical ID
 * @param batchSize the maximum number of messages per invocation, at most 10
 * @param concurrency the maximum number of concurrent invocations
 */
record SqsTrigger(String queue, int batchSize, int concurrency) {

  /** The queues that invoke a function of the template, with parameters at their defaults. */
  static List<SqsTrigger> of(Template template, String function) {
    return template.events(function, "SQS").stream()
        .map(
            event ->
                new SqsTrigger(
                    Template.logicalId(event.get("Queue")),
                    template.integer(event.get("BatchSize")),
                    template.integer(
                        Template.map(event.get("ScalingConfig")).get("MaximumConcurrency"))))
        .toList();
  }
}
