package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.local.Template;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.AllLogEvents;
import dev.signrelay.testing.TemplateMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The tables of docs/operations.md. */
final class OperationsTables {

  private static final Path PAGE = Path.of("docs/operations.md");
  private static final Template TEMPLATE = Template.read();

  private OperationsTables() {}

  static GeneratedTable alarms() {
    Map<String, List<String>> conditions =
        GeneratedTable.rows(
            """
            | DeadLettersAlarm | there is a dead letter |
            | OldestJobAlarm | a message of the retry or callback queue is older than ${shortest}: \
            a delay of at most ${delay} and five failed receives. ${longest} with the longest \
            `RetryTimeoutSeconds` |
            | OldestInLineAlarm | a run received a job that has waited in the line for more \
            than ${days} days (`LineAge`) |
            | StalledLineAlarm | jobs wait in the line and none leaves it (`Dispatched`) |
            | NoDispatchAlarm | no run of DispatchFunction has reported the line's length \
            (`LineLength`) |
            | FunctionErrorsAlarm | more than 5 % of the invocations of one function failed |
            | ApiErrorsAlarm | more than ${ApiErrorsAlarm} % of the responses were 5xx |
            | UnauthorizedAlarm | more than ${UnauthorizedAlarm} requests in 5 min had no valid \
            client key (`Unauthorized`) |
            | RefusedRequestsAlarm | more than ${RefusedRequestsAlarm} % of the responses were 4xx, \
            of more than 100 requests in 5 min |
            | ThrottlesAlarm | Lambda throttled SignFunction or RetryFunction |
            | SlowAnswersAlarm | the p99 of the API's latency is above ${latency} |
            | SecretsAlarm | a secret could not be read (`SecretNotRead`) |
            | LimiterAlarm | the limiter's table did not answer (`LimiterUnavailable`) |
            | RecordsAlarm | the job table did not answer a write (`RecordNotWritten`) |
            | KeyRefusedAlarm | the upstream refused the key (`UpstreamKeyRefused`) |
            """,
            OperationsTables::value);
    var rows = new HashMap<String, List<String>>();
    for (String alarm : new TemplateMetrics(TEMPLATE).alarms()) {
      String condition = conditions.get(alarm.replace("OldestCallback", "OldestJob")).getFirst();
      rows.put(alarm, List.of(condition + periods(alarm)));
    }
    return new GeneratedTable(PAGE, "| alarm | condition | what it means | what to do |", rows);
  }

  private static Object value(String name) {
    return switch (name) {
      case "shortest" -> minutes(oldestJobSeconds().min().orElseThrow());
      case "longest" -> minutes(oldestJobSeconds().max().orElseThrow());
      case "delay" -> minutes(RetryDecision.MAX_QUEUE_DELAY.toSeconds());
      case "days" -> Duration.ofSeconds(threshold("OldestInLineAlarm")).toDays();
      case "latency" -> Duration.ofMillis(threshold("SlowAnswersAlarm"));
      default -> threshold(name);
    };
  }

  private static IntStream oldestJobSeconds() {
    return map(map(TEMPLATE.root().get("Mappings")).get("OldestJobSeconds")).values().stream()
        .mapToInt(thresholds -> (Integer) map(thresholds).get("Alarm"));
  }

  private static int threshold(String alarm) {
    return (Integer) TEMPLATE.properties(alarm).get("Threshold");
  }

  /** In how many periods the condition must hold. */
  private static String periods(String alarm) {
    Map<String, Object> properties = TEMPLATE.properties(alarm);
    int periods = (Integer) properties.get("EvaluationPeriods");
    int breaching = (Integer) properties.getOrDefault("DatapointsToAlarm", periods);
    if (periods == 1) {
      return "";
    }
    int seconds = periodSeconds(properties);
    return breaching == periods
        ? ", for " + minutes(periods * seconds)
        : ", in %d of %s".formatted(breaching * seconds / 60, minutes(periods * seconds));
  }

  private static int periodSeconds(Map<String, Object> alarm) {
    Stream<Object> periods =
        alarm.get("Metrics") instanceof List<?> metrics
            ? metrics.stream()
                .filter(metric -> map(metric).containsKey("MetricStat"))
                .map(metric -> map(map(metric).get("MetricStat")).get("Period"))
            : Stream.of(alarm.get("Period"));
    return (Integer) periods.reduce(LimitsTables::same).orElseThrow();
  }

  private static String minutes(long seconds) {
    return seconds / 60 + " min";
  }

  static GeneratedTable deadLetters() {
    return new GeneratedTable(
        PAGE,
        "| `reason` | meaning |",
        Stream.of(Kind.values()).collect(toMap(Kind::code, _ -> List.of())));
  }

  static GeneratedTable metrics() {
    return new GeneratedTable(
        PAGE,
        "| metric | unit | function | meaning |",
        Stream.of(Metric.values())
            .collect(toMap(Metric::title, metric -> List.of(metric.unit(), functions(metric)))));
  }

  /** The functions that send a metric. */
  private static String functions(Metric metric) {
    return AllLogEvents.ofAllFunctions().stream()
        .filter(function -> function.metrics().contains(metric))
        .map(function -> function.function().replace("Function", ""))
        .collect(joining(", "));
  }
}
