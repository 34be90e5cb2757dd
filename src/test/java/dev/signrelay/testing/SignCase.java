package dev.signrelay.testing;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.SignHandler;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.KeyRefused;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.request.SignRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** A request for every kind of response, with its example in {@code openapi.yaml}. */
public enum SignCase {
  SIGNED("signed", Given.MESSAGE, Given.SIGNED),
  SIGNED_BEFORE_ITS_CALLBACK("signed", Given.WITH_CALLBACK, Given.SIGNED),
  QUEUED("queued", Given.WITH_CALLBACK, Given.UNSIGNED),
  QUEUED_IN_LINE("queued", Given.WITH_CALLBACK, Given.SIGNED, Given::isLimited),
  LINE_FULL(
      "lineFull",
      Given.WITH_CALLBACK,
      Given.SIGNED,
      fakes -> Given.isLimited(fakes.with("LINE_MAX_SECONDS", "60"))),
  LINE_UNKNOWN(
      "lineFull",
      Given.WITH_CALLBACK,
      Given.SIGNED,
      fakes -> {
        Given.isLimited(fakes);
        fakes.limiter.lineIsKnown = false;
      }),
  UNSIGNED("unsigned", Given.MESSAGE, Given.UNSIGNED),
  UNSIGNED_AFTER_THE_LAST_ATTEMPT(
      "unsigned",
      Given.WITH_CALLBACK,
      Given.UNSIGNED,
      fakes -> fakes.with("RETRY_MAX_ATTEMPTS", "1").with("RETRY_GIVE_UP_AFTER_SECONDS", "0")),
  REJECTED("rejected", Given.MESSAGE, Given.REJECTED),
  REJECTED_BEFORE_ITS_CALLBACK("rejected", Given.WITH_CALLBACK, Given.REJECTED),
  MESSAGE_MISSING("messageMissing", "", Given.SIGNED),
  MESSAGE_TOO_LONG("messageTooLong", "message=" + "a".repeat(4_097), Given.SIGNED),
  CALLBACK_URL_TOO_LONG(
      "callbackUrlTooLong", Given.WITH_CALLBACK + "a".repeat(2_048), Given.SIGNED),
  CALLBACK_URL_NOT_HTTPS(
      "callbackUrlNotHttps", "message=m&callback_url=http://example.com", Given.SIGNED),
  CALLBACK_URL_PRIVATE(
      "callbackUrlPrivate", "message=m&callback_url=https://169.254.169.254/", Given.SIGNED),
  VALID_FOR_TOO_LONG("validForTooLong", "message=m&valid_for=1209601", Given.SIGNED),
  NOT_UTF8("notUtf8", "message=%FF", Given.SIGNED),
  BODY_SIGNED("signed", Given.JSON, "{\"message\":\"hello world\"}"),
  BODY_IN_BASE64("signed", Given.JSON, "eyJtZXNzYWdlIjoiaGVsbG8gd29ybGQifQ==", true),
  BODY_NOT_JSON("notJson", Given.JSON, "message=hello"),
  BODY_NOT_UTF8("bodyNotUtf8", Given.JSON, "/w==", true),
  BODY_TOO_LONG("bodyTooLong", Given.JSON, " ".repeat(65_537)),
  BODY_WITH_A_MEMBER_TWICE("memberTwice", Given.JSON, "{\"message\":\"a\",\"message\":\"b\"}"),
  BODY_WITH_A_NUMBER("messageNoString", Given.JSON, "{\"message\":1}"),
  BODY_WITH_HALF_A_CHARACTER("halfACharacter", Given.JSON, "{\"message\":\"\\ud83d\"}"),
  BODY_AND_QUERY("inQuery", "message=m", Given.JSON, "", "{\"message\":\"m\"}", false),
  BODY_OF_ANOTHER_TYPE("otherType", "text/plain", "hello"),
  BODY_COMPRESSED("compressed", "", Given.JSON, "gzip", "H4sIAAAAAAAA", true),
  NOT_QUEUED("queueUnavailable", Given.WITH_CALLBACK, Given.UNSIGNED, Given::queueIsDown),
  NOT_DEAD_LETTERED("queueUnavailable", Given.WITH_CALLBACK, Given.REJECTED, Given::queueIsDown),
  KEY_REFUSED("queued", Given.WITH_CALLBACK, _ -> new KeyRefused("http-401", null)),
  NO_VALID_KEY(
      "noValidKey",
      Given.MESSAGE,
      Given.SIGNED,
      fakes -> fakes.with("CLIENT_API_KEYS", "0123456789abcdef")),
  KEYS_UNAVAILABLE(
      "keysUnavailable", Given.MESSAGE, Given.SIGNED, fakes -> fakes.clientKeysAreKnown = false),
  BROKEN("internalError", Given.MESSAGE, Given.BROKEN),
  ACCEPTED("accepted", "Prefer", "respond-async", Given.UNSIGNED, Given::hasRecords),
  NOT_RECORDED(
      "notRecorded",
      "Prefer",
      "respond-async",
      Given.UNSIGNED,
      fakes -> Given.hasRecords(fakes).jobTable.isDown = true),
  INVALID_KEY("invalidKey", "Idempotency-Key", "", Given.SIGNED, Given::hasRecords),
  NO_RECORDS("noRecords", "Idempotency-Key", Given.KEY, Given.SIGNED, _ -> {}),
  IN_PROGRESS("inProgress", "Idempotency-Key", Given.KEY, Given.SIGNED, Given::isBeingAnswered),
  KEY_REUSED(
      "keyReused", "Idempotency-Key", Given.KEY, Given.SIGNED, fakes -> Given.isTaken(fakes, "")),
  REPEAT_UNKNOWN(
      "repeatUnknown",
      "Idempotency-Key",
      Given.KEY,
      Given.SIGNED,
      fakes -> Given.hasRecords(fakes).jobTable.isDown = true);

  /** API Gateway's id of the request. */
  public static final String API_REQUEST_ID = "JKJaXmPLvHcESHA=";

  private final String example;
  private final String method;
  private final Consumer<ObjectNode> request;
  private final Function<String, SigningOutcome> upstream;
  private final Consumer<FakeServices> given;

  SignCase(String example, String query, Function<String, SigningOutcome> upstream) {
    this(example, query, upstream, _ -> {});
  }

  SignCase(
      String example,
      String query,
      Function<String, SigningOutcome> upstream,
      Consumer<FakeServices> given) {
    this(example, "GET", event -> event.put("rawQueryString", query), upstream, given);
  }

  /** A request with a header. */
  SignCase(
      String example,
      String header,
      String value,
      Function<String, SigningOutcome> upstream,
      Consumer<FakeServices> given) {
    this(
        example,
        "GET",
        event -> event.put("rawQueryString", Given.MESSAGE).putObject("headers").put(header, value),
        upstream,
        given);
  }

  SignCase(String example, String contentType, String body) {
    this(example, contentType, body, false);
  }

  SignCase(String example, String contentType, String body, boolean isBase64) {
    this(example, "", contentType, "", body, isBase64);
  }

  SignCase(
      String example,
      String query,
      String contentType,
      String contentEncoding,
      String body,
      boolean isBase64) {
    this(
        example,
        "POST",
        event -> {
          event.put("rawQueryString", query).put("body", body).put("isBase64Encoded", isBase64);
          event
              .putObject("headers")
              .put("content-type", contentType)
              .put("content-encoding", contentEncoding);
        },
        Given.SIGNED,
        _ -> {});
  }

  SignCase(
      String example,
      String method,
      Consumer<ObjectNode> request,
      Function<String, SigningOutcome> upstream,
      Consumer<FakeServices> given) {
    this.example = example;
    this.method = method;
    this.request = request;
    this.upstream = upstream;
    this.given = given;
  }

  public String example() {
    return example;
  }

  /** The method of the request, as {@code openapi.yaml} names it. */
  public String operation() {
    return method.toLowerCase(Locale.ROOT);
  }

  public APIGatewayV2HTTPResponse answer() {
    return answerWith(new FakeServices());
  }

  /**
   * @param fakes the services; their log contains the events afterwards
   */
  public APIGatewayV2HTTPResponse answerWith(FakeServices fakes) {
    fakes.upstream = upstream;
    given.accept(fakes);
    var handler = new SignHandler(fakes.services());
    ObjectNode event = Json.object().put("routeKey", method + " /crypto/sign");
    request.accept(event);
    event.putObject("requestContext").put("requestId", API_REQUEST_ID);
    JsonNode answer =
        new LambdaFunction("SignFunction", handler, Duration.ofSeconds(5))
            .invoke(Json.write(event));
    var headers = new HashMap<String, String>();
    answer
        .path("headers")
        .properties()
        .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(answer.path("statusCode").intValue())
        .withHeaders(headers)
        .withBody(answer.path("body").asText())
        .build();
  }

  /** Constants of the cases. Those of an enum are not initialized before its elements. */
  private static final class Given {
    static final String KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    static final String JSON = "application/json";
    static final String MESSAGE = "message=hello%20world";
    static final String WITH_CALLBACK = MESSAGE + "&callback_url=https://receiver.example.com/";
    static final Function<String, SigningOutcome> SIGNED = _ -> new Signed("MEQCIFx7Zl0c1k0mG3pQ");
    static final Function<String, SigningOutcome> UNSIGNED = _ -> new Failed("http-503", null);
    static final Function<String, SigningOutcome> REJECTED = _ -> new Rejected("http-400");
    static final Function<String, SigningOutcome> BROKEN =
        _ -> {
          throw new IllegalStateException("broken");
        };

    static FakeServices hasRecords(FakeServices fakes) {
      return fakes.with("JOB_TABLE", "jobs");
    }

    static void isBeingAnswered(FakeServices fakes) {
      var request = new SignRequest("hello world", null, null);
      isTaken(fakes, new IdempotencyKey(KEY).fingerprint(request, false));
    }

    /**
     * The key is in use.
     *
     * @param fingerprint of the request that has the key
     */
    static void isTaken(FakeServices fakes, String fingerprint) {
      hasRecords(fakes);
      Instant now = FakeServices.START;
      var _ =
          fakes
              .jobTable
              .direct()
              .reserve(
                  new Reservation(
                      new IdempotencyKey(KEY).jobId(""),
                      "",
                      fingerprint,
                      "another process",
                      now,
                      now,
                      now.plusSeconds(10),
                      now.plusSeconds(60)),
                  Duration.ofSeconds(1));
    }

    static void queueIsDown(FakeServices fakes) {
      fakes.queueIsDown = true;
    }

    static void isLimited(FakeServices fakes) {
      fakes.limiter.wait = Duration.ofSeconds(60);
    }
  }
}
