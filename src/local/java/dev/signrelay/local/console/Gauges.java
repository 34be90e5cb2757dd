package dev.signrelay.local.console;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.TemplateQueues;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The current metrics of the system, as one line of JSON. The queues are read at most twice per
 * second, independent of the number of pages.
 */
final class Gauges {

  private static final Duration FRESH = Duration.ofMillis(500);

  private final LocalSystem system;
  private final Tally tally;
  private final Switches switches;
  private final InstantSource clock;
  private Instant read = Instant.MIN;
  private ObjectNode queues = Json.object();

  Gauges(LocalSystem system, Tally tally, Switches switches, InstantSource clock) {
    this.system = system;
    this.tally = tally;
    this.switches = switches;
    this.clock = clock;
  }

  synchronized String json() {
    Instant now = clock.instant();
    if (!now.isBefore(read.plus(FRESH))) {
      queues = queues();
      read = now;
    }
    Map<String, String> settings = system.environment();
    ObjectNode json = Json.object().put("at", now.toEpochMilli());
    json.setAll(queues);
    json.put("calls", tally.calls())
        .put("limit", Integer.parseInt(settings.get("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE")))
        .put("upstream", switches.upstream())
        .put("receiver", switches.receiver())
        .put("inbox", system.inbox().url())
        .put("keyNeeded", !settings.getOrDefault("CLIENT_API_KEYS", "").isBlank());
    tally.signatures().forEach(json.putArray("signatures")::add);
    return Json.write(json);
  }

  private ObjectNode queues() {
    QueueServer server = system.queues();
    Map<QueueAttributeName, Integer> retry =
        TemplateQueues.counts(server.client(), server.retryQueueUrl());
    Map<QueueAttributeName, Integer> dead =
        TemplateQueues.counts(server.client(), server.deadLetterQueueUrl());
    return Json.object()
        .put("ready", retry.get(APPROXIMATE_NUMBER_OF_MESSAGES))
        .put("delayed", retry.get(APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
        .put("inFlight", retry.get(APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .put("deadLetters", dead.values().stream().mapToInt(Integer::intValue).sum());
  }
}
