package dev.signrelay.telemetry;

/** Everything that is measured. A name is billed once for each function that sends it. */
public enum Metric {
  /** A request, whatever its answer. Each has one of the six answers that follow. */
  REQUESTS("Requests", Unit.COUNT),
  /** Answered with its signature. */
  SIGNED("Signed", Unit.COUNT),
  /** Answered without a signature; the job is in the queue. */
  QUEUED("Queued", Unit.COUNT),
  /** Answered without a signature, and none will come. */
  UNSIGNED("Unsigned", Unit.COUNT),
  /** Answered that the upstream will never sign the message. */
  REJECTED("Rejected", Unit.COUNT),
  /** Answered with 400 or 401. */
  REFUSED("Refused", Unit.COUNT),
  /** Answered with 503. */
  UNAVAILABLE("Unavailable", Unit.COUNT),

  /** Of a call of the upstream, whatever its outcome. Each has one of the four that follow. */
  UPSTREAM_LATENCY("UpstreamLatency", Unit.MILLISECONDS),
  UPSTREAM_SIGNED("UpstreamSigned", Unit.COUNT),
  UPSTREAM_FAILED("UpstreamFailed", Unit.COUNT),
  UPSTREAM_REJECTED("UpstreamRejected", Unit.COUNT),
  /** The upstream answered 401 or 403: an operator has to mend the key. */
  UPSTREAM_KEY_REFUSED("UpstreamKeyRefused", Unit.COUNT),

  /** A call of the upstream that the limit did not allow at once. */
  RATE_LIMITED("RateLimited", Unit.COUNT),
  /** How long such a call has to wait, if it waits. */
  LIMITER_WAIT("LimiterWait", Unit.SECONDS),
  /** Nobody knew whether a call was allowed, so it was not made. */
  LIMITER_UNAVAILABLE("LimiterUnavailable", Unit.COUNT),

  /** Of a delivery, whatever its outcome. Each has one of the four that follow. */
  CALLBACK_LATENCY("CallbackLatency", Unit.MILLISECONDS),
  CALLBACK_DELIVERED("CallbackDelivered", Unit.COUNT),
  CALLBACK_FAILED("CallbackFailed", Unit.COUNT),
  CALLBACK_GONE("CallbackGone", Unit.COUNT),
  CALLBACK_FORBIDDEN("CallbackForbidden", Unit.COUNT),
  /** From the request to the delivery of its signature. */
  DELIVERY_AGE("DeliveryAge", Unit.SECONDS),

  DEAD_LETTER_MESSAGE_REJECTED("DeadLetterMessageRejected", Unit.COUNT),
  DEAD_LETTER_SIGNING_EXHAUSTED("DeadLetterSigningExhausted", Unit.COUNT),
  DEAD_LETTER_CALLBACK_EXHAUSTED("DeadLetterCallbackExhausted", Unit.COUNT),
  DEAD_LETTER_CALLBACK_GONE("DeadLetterCallbackGone", Unit.COUNT),
  DEAD_LETTER_CALLBACK_FORBIDDEN("DeadLetterCallbackForbidden", Unit.COUNT),

  /** The queue did not take what it was sent. */
  QUEUE_UNAVAILABLE("QueueUnavailable", Unit.COUNT),
  /** A failure that nobody thought of. */
  UNEXPECTED_FAILURES("UnexpectedFailures", Unit.COUNT);

  /** CloudWatch's units that are used here. */
  public enum Unit {
    COUNT("Count"),
    MILLISECONDS("Milliseconds"),
    SECONDS("Seconds");

    private final String title;

    Unit(String title) {
      this.title = title;
    }

    /** As CloudWatch writes it. */
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

  /** As CloudWatch shows it. */
  public String title() {
    return title;
  }
}
