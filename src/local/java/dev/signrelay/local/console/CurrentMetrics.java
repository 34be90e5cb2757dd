package dev.signrelay.local.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.app.Config;
import dev.signrelay.json.Json;
import dev.signrelay.limit.UpstreamPause;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.TemplateQueues;
import dev.signrelay.ops.QueueCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The current metrics of the system, as JSON. The queues are read at most twice per second,
 * independent of the number of pages.
 */
final class CurrentMetrics {

  private static final Duration MAX_AGE = Duration.ofMillis(500);

  private final LocalSystem system;
  private final CallStatistics statistics;
  private final FailureModes failureModes;
  private final DeadLetters deadLetters;
  private final InstantSource clock;
  private final int callsPerMinute;
  private final UpstreamPause limiter;
  private Instant queuesRead = Instant.MIN;
  private ObjectNode queues = Json.object();

  CurrentMetrics(
      LocalSystem system,
      CallStatistics statistics,
      FailureModes failureModes,
      DeadLetters deadLetters,
      InstantSource clock) {
    this.system = system;
    this.statistics = statistics;
    this.failureModes = failureModes;
    this.deadLetters = deadLetters;
    this.clock = clock;
    this.callsPerMinute = Config.from(system.environment()::get).upstream().callsPerMinute();
    this.limiter = new UpstreamPause(system.limits().client(), system.limits().tableName(), clock);
  }

  synchronized ObjectNode json() {
    Instant now = clock.instant();
    if (!now.isBefore(queuesRead.plus(MAX_AGE))) {
      queues = queues();
      queuesRead = now;
    }
    ObjectNode json =
        queues
            .deepCopy()
            .put("at", now.toEpochMilli())
            .put("calls", statistics.calls())
            .put("limit", callsPerMinute)
            .put("upstream", failureModes.upstream())
            .put("receiver", failureModes.receiver())
            .put("inbox", system.inbox().url())
            .put("keyNeeded", !system.environment().getOrDefault("CLIENT_API_KEYS", "").isBlank());
    statistics.signatures().forEach(json.putArray("signatures")::add);
    return json;
  }

  private ObjectNode queues() {
    TemplateQueues urls = system.queues().queues();
    ObjectNode json = Json.object();
    json.set("line", jobs(urls.lineQueueUrl()));
    json.set("retry", jobs(urls.retryQueueUrl()));
    json.set("callback", jobs(urls.callbackQueueUrl()));
    json.put("deadLetters", deadLetters.count());
    addCalls(json, json.path("line").path("ready").asInt());
    return json;
  }

  /**
   * When the jobs that wait in line can expect their calls, and at last one that joins it now; and
   * the end of a pause.
   */
  private void addCalls(ObjectNode json, int waiting) {
    ArrayNode calls = json.putArray("nextCalls");
    if (callsPerMinute == 0) {
      return;
    }
    try {
      limiter.nextCalls(waiting + 1).forEach(call -> calls.add(call.toEpochMilli()));
      Instant pausedUntil = limiter.status().pausedUntil();
      json.put("pausedUntil", pausedUntil == null ? 0 : pausedUntil.toEpochMilli());
    } catch (UpstreamPause.NoScheduleException _) {
      // No request has asked for a call yet.
    }
  }

  private ObjectNode jobs(String queueUrl) {
    QueueCounts counts = QueueCounts.of(system.queues().client(), queueUrl);
    return Json.object()
        .put("ready", counts.visible())
        .put("delayed", counts.delayed())
        .put("inFlight", counts.inFlight());
  }
}
