package dev.signrelay.system;

import static java.util.stream.Collectors.toSet;

import dev.signrelay.local.CallbackInbox;
import dev.signrelay.queue.JobCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.Message;

/** The jobs of a system that were delivered or dead-lettered. Each dead letter is read once. */
final class CompletedJobs {

  private static final int LONGER_THAN_ANY_TEST_SECONDS = 600;

  private final SystemOfProcesses system;
  private final Set<String> dead = new HashSet<>();

  CompletedJobs(SystemOfProcesses system) {
    this.system = system;
  }

  /** The accepted jobs that are neither delivered nor dead-lettered yet. */
  Set<String> missing(Set<String> accepted) {
    var missing = new HashSet<>(accepted);
    missing.removeAll(delivered());
    missing.removeAll(dead);
    List<Message> more = missing.isEmpty() ? List.of() : nextDeadLetters();
    while (!more.isEmpty()) {
      dead.addAll(more.stream().map(m -> JobCodec.decode(m.body()).id()).toList());
      more = nextDeadLetters();
    }
    missing.removeAll(dead);
    return missing;
  }

  /** Whether all jobs have ended, including those whose acceptance no client has seen. */
  boolean areQueuesEmpty() {
    return system.queues.jobs(system.sqs) == 0;
  }

  private Set<String> delivered() {
    return system.inbox.deliveries().stream()
        .filter(d -> d.status() == 204)
        .map(CallbackInbox.Delivery::id)
        .collect(toSet());
  }

  private List<Message> nextDeadLetters() {
    return system
        .sqs
        .receiveMessage(
            r ->
                r.queueUrl(system.queues.deadLetterQueueUrl())
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(LONGER_THAN_ANY_TEST_SECONDS))
        .messages();
  }
}
