package dev.signrelay;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import dev.signrelay.upstream.Signer;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import dev.signrelay.upstream.SigningOutcome.Signed;
import dev.signrelay.upstream.SigningOutcome.Unsigned;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Every kind of answer the handler can give, and which example of the document it is. */
enum SignCase {
  SIGNED("signed", Given.MESSAGE, Given.SIGNED),
  SIGNED_BEFORE_ITS_CALLBACK("signed", Given.WITH_CALLBACK, Given.SIGNED),
  QUEUED("queued", Given.WITH_CALLBACK, Given.UNSIGNED),
  UNSIGNED("unsigned", Given.MESSAGE, Given.UNSIGNED),
  UNSIGNED_FOR_GOOD(
      "unsigned", Given.WITH_CALLBACK, Given.UNSIGNED, true, "RETRY_MAX_ATTEMPTS", "1"),
  REJECTED("rejected", Given.MESSAGE, Given.REJECTED),
  REJECTED_BEFORE_ITS_CALLBACK("rejected", Given.WITH_CALLBACK, Given.REJECTED),
  MESSAGE_MISSING("messageMissing", "", Given.SIGNED),
  MESSAGE_TOO_LONG("messageTooLong", "message=" + "a".repeat(4_097), Given.SIGNED),
  CALLBACK_URL_TOO_LONG(
      "callbackUrlTooLong", Given.WITH_CALLBACK + "a".repeat(2_048), Given.SIGNED),
  CALLBACK_URL_NOT_HTTPS(
      "callbackUrlNotHttps", "message=m&callback_url=http://example.com", Given.SIGNED),
  NOT_UTF8("notUtf8", "message=%FF", Given.SIGNED),
  NOT_QUEUED("queueUnavailable", Given.WITH_CALLBACK, Given.UNSIGNED, false),
  NOT_DEAD_LETTERED("queueUnavailable", Given.WITH_CALLBACK, Given.REJECTED, false),
  BROKEN("internalError", Given.MESSAGE, Given.BROKEN);

  private final String example;
  private final String query;
  private final Signer signer;
  private final boolean queueTakes;
  private final Map<String, String> settings;

  SignCase(String example, String query, Signer signer) {
    this(example, query, signer, true);
  }

  SignCase(String example, String query, Signer signer, boolean queueTakes, String... setting) {
    this.example = example;
    this.query = query;
    this.signer = signer;
    this.queueTakes = queueTakes;
    this.settings = setting.length == 0 ? Map.of() : Map.of(setting[0], setting[1]);
  }

  String example() {
    return example;
  }

  /** The least that has to be set. */
  static Map<String, String> settings() {
    return Given.SETTINGS;
  }

  APIGatewayV2HTTPResponse answer() {
    var all = new HashMap<>(Given.SETTINGS);
    all.putAll(settings);
    Config config = Config.from(all::get);
    InstantSource clock = InstantSource.fixed(Instant.EPOCH);
    Wiring real =
        Wiring.of(
            config,
            () -> {
              throw new AssertionError("no queue is needed");
            },
            clock,
            _ -> {});
    var parts =
        new Wiring(
            config,
            signer,
            (_, _, _, _) -> new Delivered("http-204"),
            new Queue(queueTakes),
            real.policy(),
            clock,
            real.random(),
            real.ids(),
            real.log());
    var event = APIGatewayV2HTTPEvent.builder().withRawQueryString(query).build();
    return new SignHandler(parts).handleRequest(event, null);
  }

  /** What the cases are made of; an enum's own constants are not there yet for its elements. */
  private static final class Given {
    static final String MESSAGE = "message=hello%20world";
    static final String WITH_CALLBACK = MESSAGE + "&callback_url=https://receiver.example.com/";
    static final Signer SIGNED = (_, _) -> new Signed("MEQCIFx7Zl0c1k0mG3pQ");
    static final Signer UNSIGNED = (_, _) -> new Unsigned("http-503", null);
    static final Signer REJECTED = (_, _) -> new Rejected("http-400");
    static final Signer BROKEN =
        (_, _) -> {
          throw new IllegalStateException("broken");
        };
    static final Map<String, String> SETTINGS =
        Map.of(
            "CRYPTO_CLIENT_BASE_URL", "https://signer.example.com",
            "CRYPTO_CLIENT_API_KEY", "key",
            "RETRY_QUEUE_URL", "https://sqs.example.com/retry",
            "DEAD_LETTER_QUEUE_URL", "https://sqs.example.com/dead");
  }

  private record Queue(boolean takes) implements RetryQueue {
    @Override
    public void send(Job job, Duration delay, Duration timeout) {
      if (!takes) {
        throw new QueueUnavailableException("down", new IllegalStateException());
      }
    }

    @Override
    public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
      send(job, Duration.ZERO, timeout);
    }

    @Override
    public void prepare() {}
  }
}
