package dev.signrelay.ops;

import dev.signrelay.limit.UpstreamPause;
import dev.signrelay.limit.UpstreamPause.NoScheduleException;
import dev.signrelay.limit.UpstreamPause.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

@Command(name = "line", description = "The line: show it, pause and resume upstream calls")
final class LineCommand {

  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);

  /** The default of {@code LINE_MAX_SECONDS}. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  private static final InstantSource CLOCK = InstantSource.system();

  @ParentCommand private Ops ops;

  @Spec private CommandSpec spec;

  @Command(name = "show", description = "Shows how many jobs wait, for what and for how long.")
  int show() {
    Deployment deployment = ops.deployment();
    var jobs = new LinkedHashMap<String, Integer>();
    try (SqsClient sqs = ops.clients().sqsClient()) {
      jobs.put("line", QueueCounts.of(sqs, deployment.lineQueue()).total());
      jobs.put("retryQueue", QueueCounts.of(sqs, deployment.retryQueue()).total());
      jobs.put("callbackQueue", QueueCounts.of(sqs, deployment.callbackQueue()).total());
      jobs.put("deadLetters", QueueCounts.of(sqs, deployment.deadLetterQueue()).total());
    }
    print(jobs, status(deployment));
    return 0;
  }

  /** Null if there is no limit, or no function has asked for a call yet. */
  private @Nullable Status status(Deployment deployment) {
    try {
      return deployment.isUnlimited() ? null : onLimiter(deployment, UpstreamPause::status);
    } catch (NoScheduleException _) {
      return null;
    }
  }

  @Command(
      name = "pause",
      description = {
        "Stops upstream calls for a time. Requests are accepted, their jobs wait, deliveries go on.",
        "Calls that were granted before may begin for a few more seconds."
      })
  int pause(
      @Option(
              names = "--for",
              paramLabel = "TIME",
              defaultValue = "1h",
              description = "from 1m to 1d, like 90m; default: 1h. A pause can be moved")
          String time) {
    Duration duration = pauseTime(time);
    Status after = onLimiter(limited(), pause -> pause.pause(duration));
    if (ops.json()) {
      ops.printJson(limit(after));
      return 0;
    }
    ops.out().println("Paused until " + end(after));
    ops.out().println("Calls that were granted before may begin for a few more seconds.");
    ops.out().println("Requests whose expected wait is above LINE_MAX_SECONDS get 503.");
    ops.out().println("To end it: line resume");
    return 0;
  }

  @Command(name = "resume", description = "Ends a pause.")
  int resume() {
    Deployment deployment = limited();
    Status before = onLimiter(deployment, UpstreamPause::status);
    Status after = onLimiter(deployment, UpstreamPause::resume);
    if (ops.json()) {
      ops.printJson(limit(after));
    } else if (before.pausedUntil() == null) {
      ops.out().println("Calls are not paused.");
    } else if (after.pausedUntil() != null) {
      ops.out().println("Nothing to do: it ends by itself at " + end(after));
    } else {
      ops.out().println("Resumed. The next call can begin " + next(after));
    }
    return 0;
  }

  private Duration pauseTime(String time) {
    try {
      Duration duration = Texts.duration(time);
      if (duration.compareTo(SHORTEST_PAUSE) < 0 || duration.compareTo(LONGEST_PAUSE) > 0) {
        throw new IllegalArgumentException("must be from 1m to 1d");
      }
      return duration;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.subcommands().get("pause"), "--for " + e.getMessage());
    }
  }

  private Deployment limited() {
    Deployment deployment = ops.deployment();
    if (deployment.isUnlimited()) {
      throw new OpsException(
          """
          The limit is 0: no function asks whether it may call, so calls cannot be paused.
          Deploy with CryptoClientRateLimitReqPerMinute above 0 (up to 100,000), then pause.""");
    }
    return deployment;
  }

  private Status onLimiter(Deployment deployment, Function<UpstreamPause, Status> task) {
    try (DynamoDbClient client = ops.clients().dynamoDbClient()) {
      return task.apply(new UpstreamPause(client, deployment.limitTable(), CLOCK));
    }
  }

  private void print(Map<String, Integer> jobs, @Nullable Status limiter) {
    if (ops.json()) {
      var document = new LinkedHashMap<String, Object>(jobs);
      if (limiter != null) {
        document.putAll(limit(limiter));
        document.put("expectedWaitSeconds", expectedWait(jobs, limiter).toSeconds());
      }
      ops.printJson(document);
      return;
    }
    ops.printLine("line", Texts.count(jobs.get("line"), "job waits", "jobs wait") + " for a call");
    ops.printLine("retry queue", Texts.count(jobs.get("retryQueue"), "job", "jobs"));
    ops.printLine("callback queue", Texts.count(jobs.get("callbackQueue"), "job", "jobs"));
    ops.printLine("dead letters", jobs.get("deadLetters"));
    if (limiter == null) {
      ops.printLine("limit", "none, or no function has asked for a call yet");
      return;
    }
    ops.printLine("limit", limiter.callsPerMinute() + " calls a minute");
    ops.printLine("paused", limiter.pausedUntil() == null ? "no" : "until " + end(limiter));
    ops.printLine("next call", next(limiter));
    ops.printLine("expected wait", Texts.text(expectedWait(jobs, limiter)));
  }

  /** DispatchFunction's last estimate, unless the jobs that are now in line take longer. */
  private static Duration expectedWait(Map<String, Integer> jobs, Status limiter) {
    Duration estimate = Duration.between(CLOCK.instant(), limiter.expected());
    Duration atTheLimit =
        Duration.ofMinutes(1).multipliedBy(jobs.get("line")).dividedBy(limiter.callsPerMinute());
    return estimate.compareTo(atTheLimit) > 0 ? estimate : atTheLimit;
  }

  private static Map<String, Object> limit(Status status) {
    var limit = new LinkedHashMap<String, Object>();
    limit.put("callsPerMinute", status.callsPerMinute());
    limit.put("nextCallAt", status.nextCall().toString());
    limit.put("paused", status.pausedUntil() != null);
    if (status.pausedUntil() != null) {
      limit.put("pausedUntil", status.pausedUntil().toString());
    }
    return limit;
  }

  private static String end(Status status) {
    Instant end = status.pausedUntil() == null ? status.nextCall() : status.pausedUntil();
    return Texts.ahead(end, CLOCK.instant());
  }

  private static String next(Status status) {
    Instant now = CLOCK.instant();
    return status.nextCall().isAfter(now) ? Texts.ahead(status.nextCall(), now) : "now";
  }
}
