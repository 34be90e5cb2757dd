package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Config;
import dev.signrelay.app.Setting;
import dev.signrelay.local.Template;
import dev.signrelay.request.SignRequest;
import dev.signrelay.testing.SignCase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The limits in the README, docs/faq.md and docs/rate-limit.md are the constants of the code. */
final class LimitsTableTest {

  private static final Template TEMPLATE = Template.read();

  private static final Duration RESPONSE_TIME = Duration.ofSeconds(2);

  @Test
  void theFixedLimitsAreThoseOfTheCodeAndOfTheTemplate() throws ReflectiveOperationException {
    Duration respondWithin = duration("sign.ResponseBudget", "RESPOND_WITHIN");
    Duration sendReserve = duration("sign.ResponseBudget", "SEND_RESERVE");
    var expected = new TreeMap<String, List<String>>();
    expected.put(
        "response time",
        List.of(
            text(RESPONSE_TIME),
            text(RESPONSE_TIME.minus(respondWithin)) + " for the network",
            text(sendReserve) + " for the queue",
            text(respondWithin.minus(sendReserve)) + " for limiter and upstream",
            text(duration("sign.ResponseBudget", "RECORD_RESERVE")) + " less",
            text(duration("attempt.SigningTimeouts", "MIN_TIME")) + " for these two"));
    expected.put(
        "limiter in SignFunction",
        List.of(text(duration("sign.ResponseBudget", "MAX_LIMITER_TIME"))));
    expected.put(
        "limiter in RetryFunction", List.of(text(duration("retry.JobStep", "MAX_LIMITER_TIME"))));
    String secret = "secret.ManagedSecret";
    expected.put(
        "secret in Secrets Manager",
        List.of(text(duration(secret, "REFRESH_AFTER")), text(duration(secret, "MIN_INTERVAL"))));
    expected.put(
        "read of a secret",
        List.of(
            text(duration(secret, "MAX_READ_TIME")),
            text(duration(secret, "MAX_REFRESH_TIME")) + " while a value serves",
            text(duration("sign.ResponseBudget", "MAX_KEYS_TIME"))));
    expected.put(
        "message",
        List.of("1 to %,d bytes".formatted(number("request.SignRequest", "MAX_MESSAGE_BYTES"))));
    expected.put(
        "callback_url",
        List.of("%,d characters".formatted(number("request.CallbackUrlRules", "MAX_LENGTH"))));
    expected.put("Idempotency-Key", List.of("255 visible ASCII characters"));
    expected.put(
        "reservation of an Idempotency-Key",
        List.of(
            text(duration("sign.ResponseBudget", "MAX_RESERVATION_TIME")),
            text(duration("sign.IdempotentRequests", "LEASE"))));
    expected.put(
        "body of POST /crypto/sign",
        List.of("%,d bytes".formatted(number("request.Body", "MAX_BYTES"))));
    expected.put("request line and headers together", List.of()); // a limit of API Gateway
    expected.put("signature", List.of(kib(number("upstream.SigningReply", "MAX_SIGNATURE_BYTES"))));
    expected.put(
        "receiver's response",
        List.of(kib(number("callback.HttpCallbackSender", "MAX_REPLY_BYTES"))));
    expected.put(
        "response header of upstream or receiver",
        List.of(
            "%,d fields".formatted(number("http.HttpClients", "MAX_HEADERS")),
            "%,d bytes a line".formatted(number("http.HttpClients", "MAX_LINE")),
            "%d interim".formatted(number("http.LimitedExchange", "MAX_INTERIM_RESPONSES"))));
    expected.put("expected wait in line", List.of("%,d s".formatted(maxLineSeconds())));
    expected.put(
        "Retry-After of the upstream or a receiver",
        List.of("RETRY_MAX_DELAY_SECONDS", "CALLBACK_MAX_DELAY_SECONDS"));
    expected.put(
        "valid_for", List.of("1 to %,d s".formatted(SignRequest.MAX_VALID_FOR.toSeconds())));
    expected.put(
        "delay of one SQS message",
        List.of(duration("policy.RetryDecision", "MAX_QUEUE_DELAY").toSeconds() + " s"));
    expected.put(
        "receives of one message that fails",
        List.of(receives("RetryQueue") + "", "%,d in the line".formatted(receives("LineQueue"))));
    expected.put("messages in a batch", List.of("" + event("Jobs").get("BatchSize")));
    assertThat(event("Callbacks")).containsEntry("BatchSize", event("Jobs").get("BatchSize"));
    expected.put(
        "retention",
        List.of(
            retentionDays("RetryQueue") + " days in the retry queue and the callback queue",
            retentionDays("LineQueue") + " days in the line and in the dead-letter queue"));
    assertThat(retentionDays("CallbackQueue")).isEqualTo(retentionDays("RetryQueue"));
    assertThat(retentionDays("DeadLetterQueue")).isEqualTo(retentionDays("LineQueue"));
    assertThat(receives("CallbackQueue")).isEqualTo(receives("RetryQueue"));
    expected.put("rate limit", List.of("%,d calls a minute".formatted(maxCallsPerMinute())));
    expected.put(
        "Retry-After of a 503",
        List.of(SignCase.NOT_QUEUED.answer().getHeaders().get("Retry-After") + " s"));

    assertTable(Path.of("docs/faq.md"), "| limit | value | when it is exceeded |", expected);
  }

  @Test
  void theConstantsOfTheRateLimitAreThoseOfTheCode() throws ReflectiveOperationException {
    String limiter = "limit.SlidingWindowLimiter";
    assertTable(
        Path.of("docs/rate-limit.md"),
        "| constant | value | in |",
        Map.of(
            "time between two grants of a call", List.of(text(duration(limiter, "PERIOD"))),
            "a grant is valid for", List.of(text(duration(limiter, "GRANT_VALIDITY"))),
            "clocks may differ by", List.of(text(duration("limit.ClockCheck", "MAX_SKEW"))),
            "the schedule is read again after",
                List.of(text(duration("limit.SharedSchedule", "MEMORY"))),
            "the noted length of the line holds for",
                List.of(text(duration("limit.RateLimitState", "NOTE_HOLDS"))),
            "SignFunction takes a grant up to",
                List.of(text(duration("sign.RequestStep", "MAX_GRANT_WAIT")) + " ahead"),
            "RetryFunction takes a grant up to",
                List.of(text(duration("retry.RetryWorkflow", "MAX_GRANT_WAIT")) + " ahead"),
            "DispatchFunction takes a grant up to",
                List.of(
                    text(duration("dispatch.LineBatch", "CONNECT_AHEAD").multipliedBy(2))
                        + " ahead"),
            "DispatchFunction receives for up to",
                List.of(text(duration("dispatch.DispatchWorkflow", "LONGEST_RUN")))));
  }

  @Test
  void theLimitsOfRequestsInTheReadmeAreThoseOfTheCode()
      throws IOException, ReflectiveOperationException {
    assertThat(Files.readString(Path.of("README.md")))
        .containsPattern(
            MarkdownPage.number(
                "`message`: 1 to %,d bytes"
                    .formatted(number("request.SignRequest", "MAX_MESSAGE_BYTES"))))
        .containsPattern(
            MarkdownPage.number(
                "at most %,d characters"
                    .formatted(number("request.CallbackUrlRules", "MAX_LENGTH"))))
        .contains("port " + defaultPorts());
  }

  /** Every row is expected, and its value contains all texts, not as part of longer numbers. */
  private static void assertTable(Path page, String header, Map<String, List<String>> expected) {
    Map<String, String> values =
        MarkdownPage.read(page)
            .rows(header)
            .collect(Collectors.toMap(c -> c.getFirst().replace("`", ""), c -> c.get(1)));
    assertThat(values.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (row, texts) ->
            texts.forEach(
                text ->
                    assertThat(values.get(row))
                        .as(row)
                        .containsPattern(MarkdownPage.number(text))));
  }

  private static Map<String, Object> event(String name) {
    Map<String, Object> events = map(TEMPLATE.properties("RetryFunction").get("Events"));
    return map(map(events.get(name)).get("Properties"));
  }

  private static long retentionDays(String queue) {
    int seconds = (Integer) TEMPLATE.properties(queue).get("MessageRetentionPeriod");
    return Duration.ofSeconds(seconds).toDays();
  }

  private static Object receives(String queue) {
    return map(TEMPLATE.properties(queue).get("RedrivePolicy")).get("maxReceiveCount");
  }

  private static int maxLineSeconds() {
    return setting("LINE_MAX_SECONDS", Setting.WholeNumber.class).byDefault();
  }

  private static int maxCallsPerMinute() {
    return setting("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Setting.WholeNumber.class).max();
  }

  /** {@code 443 or 8443}. */
  static String defaultPorts() {
    return setting("CALLBACK_ALLOWED_PORTS", Setting.Items.class).byDefault().replace(",", " or ");
  }

  private static <T extends Setting> T setting(String name, Class<T> type) {
    return Config.settings().stream()
        .filter(setting -> setting.name().equals(name))
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Duration duration(String type, String name) throws ReflectiveOperationException {
    return (Duration) constant(type, name);
  }

  private static int number(String type, String name) throws ReflectiveOperationException {
    return (Integer) constant(type, name);
  }

  /** The value of a constant, which may be private to its class. */
  private static Object constant(String type, String name) throws ReflectiveOperationException {
    var field = Class.forName("dev.signrelay." + type).getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }

  /** {@code 700 ms}, {@code 1.45 s}. */
  private static String text(Duration duration) {
    return duration.toMillis() < 1_000
        ? duration.toMillis() + " ms"
        : BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }

  private static String kib(int bytes) {
    return bytes / 1_024 + " KiB";
  }
}
