package dev.signrelay.telemetry;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.SigningOutcome;

/** The metric that counts an outcome. */
final class OutcomeMetrics {

  private OutcomeMetrics() {}

  static Metric of(SigningOutcome outcome) {
    return switch (outcome) {
      case SigningOutcome.Signed _ -> Metric.UPSTREAM_SIGNED;
      case SigningOutcome.Failed _ -> Metric.UPSTREAM_FAILED;
      case SigningOutcome.KeyRefused _ -> Metric.UPSTREAM_KEY_REFUSED;
      case SigningOutcome.Rejected _ -> Metric.UPSTREAM_REJECTED;
    };
  }

  static Metric of(DeliveryOutcome outcome) {
    return switch (outcome) {
      case DeliveryOutcome.Delivered _ -> Metric.CALLBACK_DELIVERED;
      case DeliveryOutcome.Undelivered _ -> Metric.CALLBACK_FAILED;
      case DeliveryOutcome.Gone _ -> Metric.CALLBACK_GONE;
      case DeliveryOutcome.Forbidden _ -> Metric.CALLBACK_FORBIDDEN;
    };
  }

  static Metric of(DeadLetterReason reason) {
    return switch (reason.kind()) {
      case MESSAGE_REJECTED -> Metric.DEAD_LETTER_MESSAGE_REJECTED;
      case EXPIRED -> Metric.DEAD_LETTER_EXPIRED;
      case SIGNING_EXHAUSTED -> Metric.DEAD_LETTER_SIGNING_EXHAUSTED;
      case CALLBACK_EXHAUSTED -> Metric.DEAD_LETTER_CALLBACK_EXHAUSTED;
      case CALLBACK_GONE -> Metric.DEAD_LETTER_CALLBACK_GONE;
      case CALLBACK_FORBIDDEN -> Metric.DEAD_LETTER_CALLBACK_FORBIDDEN;
      case MALFORMED -> Metric.DEAD_LETTER_MALFORMED;
    };
  }
}
