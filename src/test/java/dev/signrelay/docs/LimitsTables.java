package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Config;
import dev.signrelay.app.Setting;
import dev.signrelay.local.Template;
import dev.signrelay.testing.Constant;
import dev.signrelay.testing.Processor;
import dev.signrelay.testing.SignCase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tables of the limits in docs/faq.md and docs/rate-limit.md. */
final class LimitsTables {

  private static final Template TEMPLATE = Template.read();

  private static final Duration RESPONSE_TIME = Duration.ofSeconds(2);

  private LimitsTables() {}

  static GeneratedTable limits() {
    return new GeneratedTable(
        Path.of("docs/faq.md"),
        "| limit | value | when it is exceeded |",
        GeneratedTable.rows(
            """
            | response time | ${response time}: ${for the network} for the network, at least \
            ${sign.ResponseBudget.SEND_RESERVE} for the queue, up to ${for limiter and upstream} \
            for limiter and upstream, no call with less than ${attempt.SigningTimeouts.MIN_TIME} \
            for these two; a record and a quota leave ${sign.ResponseBudget.RECORD_RESERVE} less \
            each |
            | limiter in SignFunction | ${sign.ResponseBudget.MAX_LIMITER_TIME}, of the upstream's \
            time |
            | limiter in RetryFunction | ${retry.JobStep.MAX_LIMITER_TIME} |
            | secret in Secrets Manager | read again after ${secret.ManagedSecret.REFRESH_AFTER}, \
            or when it was refused, at most every ${secret.ManagedSecret.MIN_INTERVAL} |
            | read of a secret | ${secret.ManagedSecret.MAX_READ_TIME}; in SignFunction \
            ${sign.ResponseBudget.MAX_KEYS_TIME} for the client keys, \
            ${sign.ResponseBudget.MAX_LIMITER_TIME} for the upstream key; \
            ${secret.ManagedSecret.MAX_REFRESH_TIME} while a value serves that is younger than \
            ${two refreshes} |
            | message | 1 to ${request.SignRequest.MAX_MESSAGE_BYTES} bytes of UTF-8 |
            | callback_url | ${request.CallbackUrl.MAX_LENGTH} characters |
            | Idempotency-Key |
            | reservation of an Idempotency-Key | ${sign.ResponseBudget.MAX_TABLE_TIME}; \
            ${sign.IdempotentRequests.LEASE} until another process may answer |
            | valid_for | 1 to ${request.SignRequest.MAX_VALID_FOR} |
            | body of POST /crypto/sign | ${request.Body.MAX_BYTES} bytes, ${json.Json.MAX_NESTING} levels of objects and arrays |
            | request line and headers together |
            | signature | ${upstream.SigningReply.MAX_SIGNATURE_BYTES} bytes |
            | receiver's response | ${callback.HttpCallbackSender.MAX_REPLY_BYTES} bytes |
            | response header of upstream or receiver | ${http.HttpClients.MAX_HEADERS} fields, \
            ${http.HttpClients.MAX_LINE} bytes a line, \
            ${http.HttpClients.MAX_INTERIM_RESPONSES} interim responses |
            | expected wait in line | ${LINE_MAX_SECONDS} s (`LINE_MAX_SECONDS`) |
            | Retry-After of the upstream or a receiver |
            | delay of one SQS message | ${policy.RetryDecision.MAX_QUEUE_DELAY} |
            | receives of one message that fails | ${receives}; ${receives in the line} in the \
            line |
            | messages in a batch | ${batch} |
            | retention | ${days} days in the retry queue and the callback queue, from each step; \
            ${days in the line} days in the line and in the dead-letter queue |
            | rate limit | ${calls} calls a minute |
            | Retry-After of a 503 | ${retry after} s; an estimate if the line is full |
            """,
            LimitsTables::value));
  }

  static GeneratedTable rateLimit() {
    return new GeneratedTable(
        Path.of("docs/rate-limit.md"),
        "| constant | value | in |",
        GeneratedTable.rows(
            """
            | time between two grants of a call | ${limit.SlidingWindowLimiter.PERIOD} |
            | a grant is valid for | ${limit.SlidingWindowLimiter.GRANT_VALIDITY} |
            | clocks may differ by | ${limit.ClockCheck.MAX_SKEW} |
            | the schedule is read again after | ${limit.SharedSchedule.MEMORY} |
            | the noted length of the line holds for | ${limit.RateLimitState.NOTE_HOLDS} |
            | SignFunction takes a grant up to | ${sign.RequestStep.MAX_GRANT_WAIT} ahead |
            | RetryFunction takes a grant up to | ${retry.RetryWorkflow.MAX_GRANT_WAIT} ahead |
            | DispatchFunction takes a grant up to | ${connect twice} ahead |
            | DispatchFunction receives for up to | ${dispatch.LineDrain.LONGEST_RUN} |
            """,
            LimitsTables::value));
  }

  static GeneratedTable memory() {
    return new GeneratedTable(
        Path.of("docs/rate-limit.md"),
        "| limit | memory for one run, in MB | runs with 1,024 MB | if a call takes 9 s |",
        Stream.of(10, 100, 1_000, 3_000, 10_000)
            .collect(
                toMap(
                    GeneratedTable::text,
                    n ->
                        List.of(
                            GeneratedTable.text(Processor.forLimit(n).megabytes()),
                            GeneratedTable.text(Processor.ofTemplate().runs(n, Duration.ZERO)),
                            GeneratedTable.text(
                                Processor.ofTemplate().runs(n, Duration.ofSeconds(9)))))));
  }

  /** A value of this name, or the constant. */
  private static Object value(String name) {
    return switch (name) {
      case "response time" -> RESPONSE_TIME;
      case "for the network" -> RESPONSE_TIME.minus(duration("sign.ResponseBudget.RESPOND_WITHIN"));
      case "for limiter and upstream" ->
          duration("sign.ResponseBudget.RESPOND_WITHIN")
              .minus(duration("sign.ResponseBudget.SEND_RESERVE"));
      case "two refreshes" -> duration("secret.ManagedSecret.REFRESH_AFTER").multipliedBy(2);
      case "connect twice" -> duration("dispatch.LineBatch.CONNECT_AHEAD").multipliedBy(2);
      case "LINE_MAX_SECONDS" -> Integer.valueOf(setting(name).byDefault());
      case "calls" -> Integer.valueOf(setting("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE").max());
      case "receives" -> same(receives("RetryQueue"), receives("CallbackQueue"));
      case "receives in the line" -> receives("LineQueue");
      case "days" -> same(days("RetryQueue"), days("CallbackQueue"));
      case "days in the line" -> same(days("LineQueue"), days("DeadLetterQueue"));
      case "batch" -> same(batchSize("Jobs"), batchSize("Callbacks"));
      case "retry after" -> SignCase.NOT_QUEUED.answer().getHeaders().get("Retry-After");
      default -> Constant.of(name);
    };
  }

  /** The value that both are. */
  static <T> T same(T value, T other) {
    assertThat(other).isEqualTo(value);
    return value;
  }

  private static Object receives(String queue) {
    return map(TEMPLATE.properties(queue).get("RedrivePolicy")).get("maxReceiveCount");
  }

  private static long days(String queue) {
    int seconds = (Integer) TEMPLATE.properties(queue).get("MessageRetentionPeriod");
    return Duration.ofSeconds(seconds).toDays();
  }

  private static Object batchSize(String event) {
    Map<String, Object> events = map(TEMPLATE.properties("RetryFunction").get("Events"));
    return map(map(events.get(event)).get("Properties")).get("BatchSize");
  }

  private static Setting.Bounded setting(String name) {
    return Config.settings().stream()
        .filter(setting -> setting.name().equals(name))
        .map(Setting.Bounded.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Duration duration(String constant) {
    return Constant.of(constant);
  }
}
