package dev.signrelay.simulation;

import dev.signrelay.callback.CallbackSender;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import java.time.Duration;

/** A queue that tells receivers of dead letters before it has them. */
record TalkativeQueue(RetryQueue queue, CallbackSender callbacks) implements RetryQueue {

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    queue.send(job, delay, timeout);
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    callbacks.deliver(job.acceptance().callbackUrl(), job.id(), null, timeout);
    queue.deadLetter(job, reason, timeout);
  }

  @Override
  public void prepare() {}
}
