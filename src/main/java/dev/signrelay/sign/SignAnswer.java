package dev.signrelay.sign;

import dev.signrelay.telemetry.Metric;

/** The kinds of responses to {@code /crypto/sign}. docs/callers.md has the table. */
enum SignAnswer {
  /** There is a signature. */
  SIGNED(200, "signed", Metric.SIGNED),
  /** There is no signature; the job is in the queue. */
  QUEUED(200, "queued", Metric.QUEUED),
  /** As {@link #QUEUED}, and the client can read the result from the job's record. */
  ACCEPTED(202, "queued", Metric.QUEUED),
  /** There is no signature, and none will follow. */
  UNSIGNED(200, "unsigned", Metric.UNSIGNED),
  /** The upstream will never sign the message. */
  REJECTED(200, "rejected", Metric.REJECTED),
  /** The request breaks a rule. */
  INVALID(400, "rejected", Metric.REFUSED),
  /** The request has no valid API key. */
  UNAUTHORIZED(401, "rejected", Metric.REFUSED),
  /** A request with the same {@code Idempotency-Key} is being answered. */
  IN_PROGRESS(409, "unsigned", Metric.REFUSED),
  /** The body is not JSON in UTF-8. */
  UNSUPPORTED_MEDIA_TYPE(415, "rejected", Metric.REFUSED),
  /** The {@code Idempotency-Key} was used for another request. */
  KEY_REUSED(422, "rejected", Metric.REFUSED),
  /** The client has used up its quota of the hour, so the job was not stored. */
  TOO_MANY_JOBS(429, "unsigned", Metric.REFUSED),
  /** The queue did not store the job, so nothing will follow. */
  NOT_QUEUED(503, "unsigned", Metric.UNAVAILABLE),
  /** The job has no callback URL and could not be recorded, so its result cannot be read. */
  NOT_RECORDED(503, "unsigned", Metric.UNAVAILABLE),
  /** The line is longer than allowed, so the job was not stored. */
  LINE_FULL(503, "unsigned", Metric.UNAVAILABLE),
  /** The client's key cannot be checked, because the valid keys are unknown. */
  KEYS_UNAVAILABLE(503, "unsigned", Metric.UNAVAILABLE),
  /** Whether the request is a repeat cannot be told, because the table is unavailable. */
  RECORDS_UNAVAILABLE(503, "unsigned", Metric.UNAVAILABLE),
  /** The function failed with an unexpected exception. */
  INTERNAL_ERROR(503, "unsigned", Metric.UNAVAILABLE);

  private final int statusCode;
  private final String signStatus;
  private final Metric metric;

  SignAnswer(int statusCode, String signStatus, Metric metric) {
    this.statusCode = statusCode;
    this.signStatus = signStatus;
    this.metric = metric;
  }

  /** The HTTP status. */
  int statusCode() {
    return statusCode;
  }

  /** The value of {@code X-Sign-Status}. */
  String signStatus() {
    return signStatus;
  }

  /** The metric that counts it, besides {@link Metric#REQUESTS}. */
  Metric metric() {
    return metric;
  }
}
