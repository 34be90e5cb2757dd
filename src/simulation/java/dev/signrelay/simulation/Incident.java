package dev.signrelay.simulation;

/** The kinds of faults that last for a minute or more. */
enum Incident {
  /** SQS stores no message. */
  SENDS_DOWN(10),
  /** SQS delivers and deletes no message. */
  RECEIVES_DOWN(10),
  /** SQS does not respond. */
  QUEUES_DOWN(10),
  /** DynamoDB fails every request. */
  TABLE_DOWN(15),
  /** DynamoDB applies every request, and its responses are lost. */
  TABLE_SILENT(15),
  /** DynamoDB takes as long as any caller waits, or longer. */
  TABLE_SLOW(15),
  /** The table of records, reservations and signatures fails every request. */
  RECORDS_DOWN(15),
  /** Connecting to the upstream takes longer than a grant is valid. */
  CONNECTIONS_SLOW(300),
  /** Lambda refuses all invocations of RetryFunction. */
  RETRY_THROTTLED(30),
  /** DispatchFunction is not invoked. */
  TICKS_STOPPED(60),
  /** The API key of the upstream cannot be read. */
  KEY_UNAVAILABLE(15);

  private final int maxMinutes;

  Incident(int maxMinutes) {
    this.maxMinutes = maxMinutes;
  }

  int maxMinutes() {
    return maxMinutes;
  }
}
