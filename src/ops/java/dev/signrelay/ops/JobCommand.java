package dev.signrelay.ops;

import dev.signrelay.aws.Table;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.time.SystemTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@Command(name = "job", description = "Shows how far a job has come, without its signature.")
final class JobCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @ParentCommand private Ops ops;

  @Parameters(
      paramLabel = "ID",
      description = {
        "of the job: the response's X-Request-Id.",
        "In the local run, its first 8 characters or more suffice"
      })
  private String id;

  @Override
  public Integer call() {
    ops.print(shown(read()));
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
      String whole = ops.local() ? wholeId(client, table) : id;
      return JobRecord.of(new Table(() -> client, table, time).read(whole, TIMEOUT), time.instant())
          .orElseThrow(
              () ->
                  new OpsException(
                      """
                      No job whose id is %s has a record, or it has been forgotten.
                      A dead letter is kept longer: ./ops %sdead show %s"""
                          .formatted(
                              ops.local() ? "or begins with " + id : id,
                              ops.local() ? "--local " : "",
                              id)));
    }
  }

  /**
   * The id that begins with the one given, which may be that of the local run's log. In a
   * deployment the table can be long, and its log has whole ids.
   */
  private String wholeId(DynamoDbClient client, String table) {
    if (id.length() < Ops.SHORT_ID) {
      return id;
    }
    List<String> found =
        client
            .scanPaginator(
                s ->
                    s.tableName(table)
                        .filterExpression("begins_with(id, :id)")
                        .expressionAttributeValues(Map.of(":id", AttributeValue.fromS(id))))
            .items()
            .stream()
            .map(item -> item.get("id").s())
            .toList();
    if (found.size() > 1 && !found.contains(id)) {
      throw new OpsException("Several jobs have an id that begins with " + id);
    }
    return found.size() == 1 ? found.getFirst() : id;
  }

  private Map<String, Object> shown(JobRecord job) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("id", job.id());
    shown.put("status", job.status().code());
    shown.put("client", job.client());
    shown.put("acceptedAt", ops.text(job.acceptedAt()));
    shown.put("attempts", job.attempts());
    shown.put("deliveries", job.deliveries());
    shown.put("signed", job.signature() != null);
    if (job.lastOutcome() != null) {
      shown.put("lastOutcome", job.lastOutcome());
    }
    if (job.nextAttemptAt() != null) {
      shown.put("nextAttemptAt", ops.text(job.nextAttemptAt()));
    }
    if (job.reason() != null) {
      shown.put("reason", job.reason());
    }
    return shown;
  }
}
