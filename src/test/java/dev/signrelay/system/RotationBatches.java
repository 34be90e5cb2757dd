package dev.signrelay.system;

import dev.signrelay.app.Config.Queues;
import dev.signrelay.app.Services;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.SqsJobQueues;
import dev.signrelay.system.SecretRotation.Turn;
import dev.signrelay.testing.QueueBatch;
import dev.signrelay.testing.SentJobs;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A process of RetryFunction with its queues. In each turn it handles a batch of new jobs and those
 * that wait in the retry queue, and then the jobs that wait in the callback queue. Jobs in other
 * queues stay there.
 */
final class RotationBatches {

  private static final int NEW_JOBS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * The jobs of a turn, by id.
   *
   * @param newJobs part of {@code signing}
   * @param failed the ids of messages
   */
  record Batch(
      Turn turn,
      List<String> newJobs,
      List<String> signing,
      List<String> delivering,
      List<String> failed) {}

  private final SentJobs sent = new SentJobs();
  private final Services services;
  private final URI callbackUrl;

  private RotationBatches(Services services, String callbackUrl) {
    this.services = withQueues(services, sent);
    this.callbackUrl = URI.create(callbackUrl);
  }

  /** Starts a process that has read its secrets. */
  static Function<Turn, Batch> process(Services services, String callbackUrl) {
    var process = new RotationBatches(services, callbackUrl);
    QueueBatch.empty().failed(process.services, TIMEOUT);
    return process::handle;
  }

  private Batch handle(Turn turn) {
    List<Job> newJobs = IntStream.range(0, NEW_JOBS).mapToObj(n -> newJob(turn, n)).toList();
    Queues queues = services.config().queues();
    List<Job> signing = Stream.concat(newJobs.stream(), receive(queues.retry()).stream()).toList();
    var failed = new ArrayList<>(failed(signing));
    List<Job> delivering = receive(queues.callback());
    failed.addAll(failed(delivering));
    return new Batch(turn, ids(newJobs), ids(signing), ids(delivering), failed);
  }

  private Job newJob(Turn turn, int number) {
    String id = turn.process() + "-" + turn.number() + "-" + number;
    return NeedsSignature.first(new Acceptance(id, callbackUrl, turn.at()), id);
  }

  private List<Job> receive(String queueUrl) {
    List<Job> jobs = sent.sentTo(queueUrl);
    sent.sent().removeIf(job -> job.queueUrl().equals(queueUrl));
    return jobs;
  }

  /** Lambda invokes nothing without messages. */
  private List<String> failed(List<Job> jobs) {
    return jobs.isEmpty()
        ? List.of()
        : QueueBatch.of(jobs.toArray(Job[]::new)).failed(services, TIMEOUT);
  }

  private static List<String> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }

  private static Services withQueues(Services services, SentJobs sqs) {
    Queues queues = services.config().queues();
    return new Services(
        services.config(),
        services.clientKeys(),
        services.signer(),
        services.callbacks(),
        services.limiter(),
        new SqsJobQueues(() -> sqs, queues::url, queues.deadLetter(), services.time()),
        services.line(),
        services.jobTable(),
        services.queuePrimer(),
        services.time(),
        services.random(),
        services.ids(),
        services.log(),
        services.restart());
  }
}
