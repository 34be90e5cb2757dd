package dev.signrelay.ops;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of what the commands use.
 *
 * @param jobTable null: the deployment keeps no job records
 * @param parameters of the stack; none: the local run
 */
record Deployment(
    String retryQueue,
    String callbackQueue,
    String lineQueue,
    String deadLetterQueue,
    String limitTable,
    @Nullable String jobTable,
    Map<String, String> parameters) {

  /**
   * The names of a stack.
   *
   * @throws OpsException if an output is missing
   */
  static Deployment ofStack(
      String stack, Map<String, String> outputs, Map<String, String> parameters) {
    return new Deployment(
        required(stack, outputs, "RetryQueueUrl"),
        required(stack, outputs, "CallbackQueueUrl"),
        required(stack, outputs, "LineQueueUrl"),
        required(stack, outputs, "DeadLetterQueueUrl"),
        required(stack, outputs, "RateLimitTableName"),
        outputs.get("JobTableName"),
        Map.copyOf(parameters));
  }

  /** The names of the local run, which are the template's logical ids. */
  static Deployment ofLocalRun(String sqs) {
    String account = sqs + "/000000000000/";
    return new Deployment(
        account + "RetryQueue",
        account + "CallbackQueue",
        account + "LineQueue",
        account + "DeadLetterQueue",
        "RateLimitTable",
        "JobTable",
        Map.of());
  }

  private static String required(String stack, Map<String, String> outputs, String name) {
    String value = outputs.get(name);
    if (value == null) {
      throw new OpsException(
          """
          The stack %s has no output %s.
          Is it a stack of SignRelay? If it is older than this tool, deploy it again."""
              .formatted(stack, name));
    }
    return value;
  }

  /** Whether the limit is known to be 0: then no process looks at the table. */
  boolean isUnlimited() {
    return "0".equals(parameters.get("CryptoClientRateLimitReqPerMinute"));
  }
}
