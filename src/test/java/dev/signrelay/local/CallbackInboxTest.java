package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.signrelay.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CallbackInboxTest {

  /** As a newcomer does with what {@code curl} prints. */
  @Test
  void theSignatureOfAListedDeliveryCanBeVerified() throws Exception {
    var webhook = new Webhook(LocalEnvironment.DEMO_CALLBACK_SECRET);
    String body = "{\"success\":true,\"data\":\"größe \\\"\\n\u2028\"}";
    long now = Instant.now().getEpochSecond();
    var delivery =
        new CallbackInbox.Delivery(
            "/inbox",
            Map.of(
                "webhook-id", "job-1",
                "webhook-timestamp", Long.toString(now),
                "webhook-signature", webhook.sign("job-1", now, body)),
            "application/json",
            body,
            204);

    JsonNode listed = Json.read(delivery.line());

    Map<String, List<String>> headers =
        Stream.of("webhook-id", "webhook-timestamp", "webhook-signature")
            .collect(Collectors.toMap(name -> name, name -> List.of(listed.path(name).asText())));
    webhook.verify(listed.path("body").asText(), headers);
    assertThat(delivery.line()).endsWith("}\n").hasLineCount(1);
  }
}
