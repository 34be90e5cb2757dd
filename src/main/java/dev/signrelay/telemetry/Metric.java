package dev.signrelay.telemetry;

/** All custom metrics. CloudWatch bills each name once per function that sends it. */
public enum Metric {
  /** A request to sign. It is also counted by exactly one of the following six metrics. */
  REQUESTS("Requests"),
  /** The response contained the signature. */
  SIGNED("Signed"),
  /** There was no signature yet, and the job was queued. */
  QUEUED("Queued"),
  /** There was no signature, and none will be delivered. */
  UNSIGNED("Unsigned"),
  REJECTED("Rejected"),
  /** The request was refused with 400, 401, 409, 415, 422 or 429. */
  REFUSED("Refused"),
  /** The request was answered with 503. */
  UNAVAILABLE("Unavailable"),
  /** An {@link #UNAVAILABLE} answer because the line was too long, or its length unknown. */
  LINE_FULL("LineFull"),

  /** A request for the record of a job. */
  STATUS_REQUESTS("StatusRequests"),

  /** A request to sign, or for a record, had no valid client key. */
  UNAUTHORIZED("Unauthorized"),

  /** The latency of an upstream call. The following four metrics count the calls by outcome. */
  UPSTREAM_LATENCY("UpstreamLatency", "Milliseconds"),
  /** The upstream returned a signature. */
  UPSTREAM_SIGNED("UpstreamSigned"),
  /** The call failed and can be retried. */
  UPSTREAM_FAILED("UpstreamFailed"),
  /** The upstream rejected the message. It is not retried. */
  UPSTREAM_REJECTED("UpstreamRejected"),
  /** The upstream answered 401 or 403. An operator must correct the API key. */
  UPSTREAM_KEY_REFUSED("UpstreamKeyRefused"),

  /** A signature that was obtained before was used again, without a call. */
  SIGNATURE_REUSED("SignatureReused"),
  CACHE_UNAVAILABLE("SignatureCacheUnavailable"),

  /** The rate limit did not allow an upstream call immediately. */
  RATE_LIMITED("RateLimited"),
  JOINED_LINE("JoinedLine"),
  /** The rate limiter was unavailable, so the upstream was not called. */
  LIMITER_UNAVAILABLE("LimiterUnavailable"),
  /** A secret could not be read, or its new value has the wrong format. */
  SECRET_NOT_READ("SecretNotRead"),

  LINE_LENGTH("LineLength"),
  /** The estimated time until the call of a job that joins the line now. */
  LINE_WAIT("LineWait", "Seconds"),
  /** How long the oldest of the messages that a run received had been in line. */
  LINE_AGE("LineAge", "Seconds"),
  /** The messages that left the line, whatever became of their jobs. */
  DISPATCHED("Dispatched"),

  /** The latency of a callback. The following four metrics count the attempts by outcome. */
  CALLBACK_LATENCY("CallbackLatency", "Milliseconds"),
  /** The receiver answered 2xx, or the record of a job without a callback URL has the signature. */
  CALLBACK_DELIVERED("CallbackDelivered"),
  /** The callback failed and can be retried. */
  CALLBACK_FAILED("CallbackFailed"),
  /** The receiver answered 410. */
  CALLBACK_GONE("CallbackGone"),
  /** The callback URL is not allowed. Nothing was sent. */
  CALLBACK_FORBIDDEN("CallbackForbidden"),
  /** The time from a request to the delivery of its signature. */
  DELIVERY_AGE("DeliveryAge", "Seconds"),

  DEAD_LETTER_MESSAGE_REJECTED("DeadLetterMessageRejected"),
  DEAD_LETTER_SIGNING_EXHAUSTED("DeadLetterSigningExhausted"),
  DEAD_LETTER_CALLBACK_EXHAUSTED("DeadLetterCallbackExhausted"),
  DEAD_LETTER_CALLBACK_GONE("DeadLetterCallbackGone"),
  DEAD_LETTER_CALLBACK_FORBIDDEN("DeadLetterCallbackForbidden"),
  DEAD_LETTER_EXPIRED("DeadLetterExpired"),
  DEAD_LETTER_MALFORMED("DeadLetterMalformed"),

  /** The table of jobs failed: a record, a key or a quota could not be checked or written. */
  RECORD_NOT_WRITTEN("RecordNotWritten"),
  QUEUE_UNAVAILABLE("QueueUnavailable"),
  UNEXPECTED_FAILURES("UnexpectedFailures");

  private final String title;
  private final String unit;

  Metric(String title) {
    this(title, "Count");
  }

  Metric(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** The unit, as CloudWatch names it. */
  public String unit() {
    return unit;
  }

  /** The name in CloudWatch. */
  public String title() {
    return title;
  }
}
