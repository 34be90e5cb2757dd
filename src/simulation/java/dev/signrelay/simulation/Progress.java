package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What has happened so far to one job in one invocation. */
final class Progress {

  private final @Nullable String messageId;
  private final @Nullable Job received;
  private final @Nullable ClientRequest request;
  private History history;
  private @Nullable Instant failedAt;
  private @Nullable Duration retryAfter;
  private @Nullable DeadLetterReason deadLetter;
  private boolean called;
  private boolean secured;
  private boolean affected;
  private int notices;

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

  /** Null: a request. */
  @Nullable String messageId() {
    return messageId;
  }

  /** The job as it was received; null: a request. */
  @Nullable Job received() {
    return received;
  }

  /** Null: a message. */
  @Nullable ClientRequest request() {
    return request;
  }

  String jobId() {
    return received != null ? received.id() : Objects.requireNonNull(request).id();
  }

  /** An upstream call begins. */
  void begin() {
    history = history.afterSigning();
    called = true;
  }

  /** Whether an upstream call began. */
  boolean hasCalled() {
    return called;
  }

  History history() {
    return history;
  }

  void advance(History next) {
    history = next;
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

  /**
   * An attempt ends later than its call, with a request to the cache.
   *
   * @param now by the clock of the process
   */
  void end(Instant now) {
    failedAt = failedAt == null ? null : now;
  }

  /** When the last attempt failed, by the clock of the process; null: none did. */
  @Nullable Instant failedAt() {
    return failedAt;
  }

  boolean hasFailedAttempt() {
    return failedAt != null;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The job is delivered, or the queue has stored its next state: no message is needed for it. */
  void secure() {
    secured = true;
  }

  boolean isSecured() {
    return secured;
  }

  /** The dead letter is stored. */
  void storeDeadLetter(DeadLetterReason reason) {
    deadLetter = reason;
    secure();
  }

  /** Null: no dead letter is stored. */
  @Nullable DeadLetterReason deadLetter() {
    return deadLetter;
  }

  void countNotice() {
    notices++;
  }

  int notices() {
    return notices;
  }

  /** A fault occurred that can make the message fail. */
  void affect() {
    affected = true;
  }

  boolean isAffected() {
    return affected;
  }
}
