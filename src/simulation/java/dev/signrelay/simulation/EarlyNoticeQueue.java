package dev.signrelay.simulation;

import dev.signrelay.callback.CallbackSender;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.queue.RetryQueue;
import java.time.Duration;

/** A queue that notifies receivers of dead letters before it has stored them. */
record EarlyNoticeQueue(RetryQueue queue, CallbackSender callbacks) implements RetryQueue {

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    queue.send(job, delay, timeout);
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    callbacks.notifyFailure(job.acceptance().callbackUrl(), job.id(), timeout);
    queue.deadLetter(job, reason, timeout);
  }
}
