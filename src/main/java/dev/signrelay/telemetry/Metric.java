package dev.signrelay.telemetry;

/** All custom metrics. CloudWatch bills each name once per function that sends it. */
public enum Metric {
  /** A request to sign. It is also counted by exactly one of the following six metrics. */
  REQUESTS("Requests", Unit.COUNT),
  /** The response contained the signature. */
  SIGNED("Signed", Unit.COUNT),
  /** There was no signature yet, and the job was queued. */
  QUEUED("Queued", Unit.COUNT),
  /** There was no signature, and none will be delivered. */
  UNSIGNED("Unsigned", Unit.COUNT),
  /** The upstream rejected the message. */
  REJECTED("Rejected", Unit.COUNT),
  /** The request was refused with 400, 401, 409, 415, 422 or 429. */
  REFUSED("Refused", Unit.COUNT),
  /** The request was answered with 503. */
  UNAVAILABLE("Unavailable", Unit.COUNT),
  /** One of these 503: the line was too long, or its length unknown. */
  LINE_FULL("LineFull", Unit.COUNT),

  /** A request for the record of a job. */
  STATUS_REQUESTS("StatusRequests", Unit.COUNT),

  /** A request to sign, or for a record, had no valid client key. */
  UNAUTHORIZED("Unauthorized", Unit.COUNT),

  /** The latency of an upstream call. The following four metrics count the calls by outcome. */
  UPSTREAM_LATENCY("UpstreamLatency", Unit.MILLISECONDS),
  /** The upstream returned a signature. */
  UPSTREAM_SIGNED("UpstreamSigned", Unit.COUNT),
  /** The call failed and can be retried. */
  UPSTREAM_FAILED("UpstreamFailed", Unit.COUNT),
  /** The upstream rejected the message. It is not retried. */
  UPSTREAM_REJECTED("UpstreamRejected", Unit.COUNT),
  /** The upstream answered 401 or 403. An operator must correct the API key. */
  UPSTREAM_KEY_REFUSED("UpstreamKeyRefused", Unit.COUNT),

  /** A signature that was obtained before was used again, without a call. */
  SIGNATURE_REUSED("SignatureReused", Unit.COUNT),
  /** The cache of signatures was unavailable. */
  CACHE_UNAVAILABLE("SignatureCacheUnavailable", Unit.COUNT),

  /** The rate limit did not allow an upstream call immediately. */
  RATE_LIMITED("RateLimited", Unit.COUNT),
  /** The job joined the line. */
  JOINED_LINE("JoinedLine", Unit.COUNT),
  /** The rate limiter was unavailable, so the upstream was not called. */
  LIMITER_UNAVAILABLE("LimiterUnavailable", Unit.COUNT),
  /** A secret could not be read, or its new value has the wrong format. */
  SECRET_NOT_READ("SecretNotRead", Unit.COUNT),

  /** The number of jobs in line. */
  LINE_LENGTH("LineLength", Unit.COUNT),
  /** The estimated time until the call of a job that joins the line. */
  LINE_WAIT("LineWait", Unit.SECONDS),
  /** The jobs that left the line: called, expired, or signed without a call. */
  DISPATCHED("Dispatched", Unit.COUNT),

  /** The latency of a callback. The following four metrics count the attempts by outcome. */
  CALLBACK_LATENCY("CallbackLatency", Unit.MILLISECONDS),
  /** The receiver answered with a 2xx status. */
  CALLBACK_DELIVERED("CallbackDelivered", Unit.COUNT),
  /** The callback failed and can be retried. */
  CALLBACK_FAILED("CallbackFailed", Unit.COUNT),
  /** The receiver answered 410. */
  CALLBACK_GONE("CallbackGone", Unit.COUNT),
  /** The callback URL is not allowed. Nothing was sent. */
  CALLBACK_FORBIDDEN("CallbackForbidden", Unit.COUNT),
  /** The time from the request to the delivery of its signature. */
  DELIVERY_AGE("DeliveryAge", Unit.SECONDS),

  DEAD_LETTER_MESSAGE_REJECTED("DeadLetterMessageRejected", Unit.COUNT),
  DEAD_LETTER_SIGNING_EXHAUSTED("DeadLetterSigningExhausted", Unit.COUNT),
  DEAD_LETTER_CALLBACK_EXHAUSTED("DeadLetterCallbackExhausted", Unit.COUNT),
  DEAD_LETTER_CALLBACK_GONE("DeadLetterCallbackGone", Unit.COUNT),
  DEAD_LETTER_CALLBACK_FORBIDDEN("DeadLetterCallbackForbidden", Unit.COUNT),
  DEAD_LETTER_EXPIRED("DeadLetterExpired", Unit.COUNT),
  DEAD_LETTER_MALFORMED("DeadLetterMalformed", Unit.COUNT),

  /** The record of a job could not be written. */
  RECORD_NOT_WRITTEN("RecordNotWritten", Unit.COUNT),
  /** A message could not be sent to a queue. */
  QUEUE_UNAVAILABLE("QueueUnavailable", Unit.COUNT),
  /** An unexpected exception. */
  UNEXPECTED_FAILURES("UnexpectedFailures", Unit.COUNT);

  /** The CloudWatch units in use. */
  public enum Unit {
    COUNT("Count"),
    MILLISECONDS("Milliseconds"),
    SECONDS("Seconds");

    private final String title;

    Unit(String title) {
      this.title = title;
    }

    /** The name of the unit in CloudWatch. */
    public String title() {
      return title;
    }
  }

  private final String title;
  private final Unit unit;

  Metric(String title, Unit unit) {
    this.title = title;
    this.unit = unit;
  }

  public Unit unit() {
    return unit;
  }

  /** The name of the metric in CloudWatch. */
  public String title() {
    return title;
  }
}
