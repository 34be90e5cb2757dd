package dev.signrelay.ops;

import dev.signrelay.jobrecord.DynamoDbJobRecords;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.time.SystemTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The record of a job, without its signature. */
@Command(name = "job", description = "Shows how far a job has come, without its signature.")
final class JobCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @ParentCommand private Ops ops;

  @Parameters(paramLabel = "ID", description = "of the job: the response's X-Request-Id")
  private String id;

  @Override
  public Integer call() {
    Map<String, Object> shown = shown(read());
    if (ops.json()) {
      ops.printJson(shown);
    } else {
      shown.forEach((name, value) -> ops.out().println("%-15s%s".formatted(name, value)));
    }
    return 0;
  }

  private JobRecord read() {
    Deployment deployment = ops.deployment();
    String table = deployment.jobTable();
    if (table == null) {
      throw new OpsException("The deployment keeps no job records: JobRecords is false");
    }
    var time = new SystemTime();
    try (DynamoDbClient client = ops.clients().dynamoDbClient()) {
      return new DynamoDbJobRecords(() -> client, table, Duration.ZERO, time)
          .read(id, TIMEOUT)
          .orElseThrow(
              () ->
                  new OpsException(
                      """
                      No job with this whole id has a record, or it has been forgotten.
                      A dead letter is kept longer: ./ops dead show %s"""
                          .formatted(id)));
    }
  }

  static Map<String, Object> shown(JobRecord job) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("id", job.id());
    shown.put("status", job.status().code());
    shown.put("client", job.client());
    shown.put("acceptedAt", job.acceptedAt().toString());
    shown.put("attempts", job.attempts());
    shown.put("deliveries", job.deliveries());
    shown.put("signed", job.signature() != null);
    if (job.lastOutcome() != null) {
      shown.put("lastOutcome", job.lastOutcome());
    }
    if (job.nextAttemptAt() != null) {
      shown.put("nextAttemptAt", job.nextAttemptAt().toString());
    }
    if (job.reason() != null) {
      shown.put("reason", job.reason());
    }
    return shown;
  }
}
