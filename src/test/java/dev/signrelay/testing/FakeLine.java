package dev.signrelay.testing;

import dev.signrelay.job.Job;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A line in memory. Received jobs are not visible again. */
public final class FakeLine implements Line {

  /** The receipts of the jobs that were removed. */
  public final List<String> removed = new ArrayList<>();

  /** The sizes of the receives. */
  public final List<Integer> received = new ArrayList<>();

  public boolean isDown;

  /** Whether jobs can be received, but not removed. */
  public boolean keepsJobs;

  /** The most jobs that a receive returns. */
  public int maxReceived = 10;

  /** Runs before each receive. */
  public Runnable beforeReceive = () -> {};

  private final List<Waiting> waiting = new ArrayList<>();
  private int joined;

  /** Lets a job join the line. */
  public synchronized FakeLine join(Job job) {
    return join(JobCodec.encode(job));
  }

  /** Lets a message join the line. */
  public FakeLine join(String body) {
    return join(body, false);
  }

  /** Puts a job at the end of the line that SQS had moved to the dead-letter queue. */
  public FakeLine redrive(Job job) {
    return join(JobCodec.encode(job), true);
  }

  private synchronized FakeLine join(String body, boolean redriven) {
    joined++;
    waiting.add(new Waiting("message-" + joined, "receipt-" + joined, body, redriven));
    return this;
  }

  @Override
  public synchronized long length(Duration timeout) {
    requireUp();
    return waiting.size();
  }

  @Override
  public List<Waiting> receive(int max, Duration timeout) {
    beforeReceive.run();
    return receive(Math.min(max, maxReceived));
  }

  private synchronized List<Waiting> receive(int max) {
    requireUp();
    List<Waiting> head = waiting.subList(0, Math.min(max, waiting.size()));
    var jobs = List.copyOf(head);
    head.clear();
    received.add(jobs.size());
    return jobs;
  }

  @Override
  public synchronized void remove(List<Waiting> jobs, Duration timeout) {
    requireUp();
    if (keepsJobs) {
      throw new QueueUnavailableException("the line removes nothing", new IllegalStateException());
    }
    jobs.forEach(job -> removed.add(job.receipt()));
  }

  private void requireUp() {
    if (isDown) {
      throw new QueueUnavailableException("the line is down", new IllegalStateException());
    }
  }
}
