package dev.signrelay.local;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The event sources of a function of the template: one for each of its SQS events. */
final class SqsTriggers implements AutoCloseable {

  private final List<SqsEventSource> sources;

  /**
   * @param visibilityTimeout of the queues; null: the template's
   */
  SqsTriggers(
      Template template,
      QueueServer queues,
      LambdaFunction function,
      @Nullable Duration visibilityTimeout) {
    sources =
        SqsTrigger.of(template, function.name()).stream()
            .map(
                trigger ->
                    new SqsEventSource(
                        queues.client(),
                        queues.queues().url(trigger.queue()),
                        function,
                        inTime(trigger, visibilityTimeout)))
            .toList();
  }

  /** A message must not become visible again while its batch waits for others. */
  private static SqsTrigger inTime(SqsTrigger trigger, @Nullable Duration visibilityTimeout) {
    return visibilityTimeout == null
        ? trigger
        : trigger.withWindowUpTo(visibilityTimeout.dividedBy(4));
  }

  /** Stops receiving from all queues, and waits for invocations in progress. */
  @Override
  public void close() {
    sources.forEach(SqsEventSource::stop);
    sources.forEach(SqsEventSource::close);
  }
}
