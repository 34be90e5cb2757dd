package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What has happened so far to one job in one invocation. */
final class Progress {

  /** Null: a request. */
  final @Nullable String messageId;

  /** The job as it was received; null: a request. */
  final @Nullable Job received;

  /** Null: a message. */
  final @Nullable ClientRequest request;

  History history;

  /** When the last attempt failed, by the clock of the process; null: none did. */
  @Nullable Instant failedAt;

  /** The {@code Retry-After} of the last reply. */
  @Nullable Duration retryAfter;

  /** Null: no dead letter is stored. */
  @Nullable DeadLetterReason deadLetter;

  /** Whether an upstream call began. */
  boolean called;

  /** The job is delivered, or the queue has stored its next state: no message is needed for it. */
  boolean secured;

  /** Whether a fault occurred that can make the message fail. */
  boolean affected;

  /** How often the receiver was notified of a failure. */
  int notices;

  private Progress(
      @Nullable String messageId,
      History history,
      @Nullable Job received,
      @Nullable ClientRequest request) {
    this.messageId = messageId;
    this.received = received;
    this.request = request;
    this.history = history;
  }

  /** Of a request to SignFunction. */
  static Progress ofRequest(ClientRequest request) {
    return new Progress(null, History.NEW, null, request);
  }

  /** Of a message that a function received. */
  static Progress ofMessage(String messageId, History history, Job received) {
    return new Progress(messageId, history, received, null);
  }

  String jobId() {
    return received != null ? received.id() : Objects.requireNonNull(request).id();
  }

  /**
   * An attempt failed.
   *
   * @param now by the clock of the process
   * @param after the {@code Retry-After} of the reply
   */
  void fail(Instant now, @Nullable Duration after) {
    failedAt = now;
    retryAfter = after;
  }
}
