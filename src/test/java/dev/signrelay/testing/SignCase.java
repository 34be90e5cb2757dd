package dev.signrelay.testing;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.json.Json;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.request.SignRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A request for every kind of response, with its example in {@code openapi.yaml}. What is given is
 * in the words of {@link Given}.
 */
public enum SignCase {
  SIGNED("signed", "nothing", Texts.MESSAGE),
  SIGNED_BEFORE_ITS_CALLBACK("signed", "nothing", Texts.WITH_CALLBACK),
  QUEUED("queued", "fails", Texts.WITH_CALLBACK),
  QUEUED_IN_LINE("queued", "wait=60000", Texts.WITH_CALLBACK),
  LINE_FULL("lineFull", "wait=60000 LINE_MAX_SECONDS=60", Texts.WITH_CALLBACK),
  LINE_UNKNOWN("lineFull", "wait=60000 line-unknown", Texts.WITH_CALLBACK),
  UNSIGNED("unsigned", "fails", Texts.MESSAGE),
  UNSIGNED_AFTER_THE_LAST_ATTEMPT("unsigned", "fails no-retries", Texts.WITH_CALLBACK),
  REJECTED("rejected", "rejects", Texts.MESSAGE),
  REJECTED_BEFORE_ITS_CALLBACK("rejected", "rejects", Texts.WITH_CALLBACK),
  MESSAGE_MISSING("messageMissing", "nothing", ""),
  MESSAGE_TOO_LONG("messageTooLong", "nothing", "message=" + "a".repeat(4_097)),
  CALLBACK_URL_TOO_LONG("callbackUrlTooLong", "nothing", Texts.WITH_CALLBACK + "a".repeat(2_048)),
  CALLBACK_URL_NOT_HTTPS(
      "callbackUrlNotHttps", "nothing", "message=m&callback_url=http://example.com"),
  CALLBACK_URL_PRIVATE(
      "callbackUrlPrivate", "nothing", "message=m&callback_url=https://169.254.169.254/"),
  VALID_FOR_TOO_LONG("validForTooLong", "nothing", "message=m&valid_for=1209601"),
  NOT_UTF8("notUtf8", "nothing", "message=%FF"),
  BODY_SIGNED("signed", Texts.JSON, "{\"message\":\"hello world\"}", false),
  BODY_IN_BASE64("signed", Texts.JSON, "eyJtZXNzYWdlIjoiaGVsbG8gd29ybGQifQ==", true),
  BODY_NOT_JSON("notJson", Texts.JSON, "message=hello", false),
  BODY_NOT_UTF8("bodyNotUtf8", Texts.JSON, "/w==", true),
  BODY_TOO_LONG("bodyTooLong", Texts.JSON, " ".repeat(65_537), false),
  BODY_WITH_A_MEMBER_TWICE(
      "memberTwice", Texts.JSON, "{\"message\":\"a\",\"message\":\"b\"}", false),
  BODY_WITH_A_NUMBER("messageNoString", Texts.JSON, "{\"message\":1}", false),
  BODY_WITH_HALF_A_CHARACTER("halfACharacter", Texts.JSON, "{\"message\":\"\\ud83d\"}", false),
  BODY_AND_QUERY("inQuery", "message=m", Texts.JSON, "", "{\"message\":\"m\"}", false),
  BODY_OF_ANOTHER_TYPE("otherType", "text/plain", "hello", false),
  BODY_COMPRESSED("compressed", "", Texts.JSON, "gzip", "H4sIAAAAAAAA", true),
  NOT_QUEUED("queueUnavailable", "fails queue-down", Texts.WITH_CALLBACK),
  NOT_DEAD_LETTERED("queueUnavailable", "rejects queue-down", Texts.WITH_CALLBACK),
  KEY_REFUSED("queued", "refuses-key", Texts.WITH_CALLBACK),
  NO_VALID_KEY("noValidKey", "CLIENT_API_KEYS=0123456789abcdef", Texts.MESSAGE),
  KEYS_UNAVAILABLE("keysUnavailable", "keys-unknown", Texts.MESSAGE),
  BROKEN("internalError", "breaks", Texts.MESSAGE),
  ACCEPTED("accepted", "table fails", "Prefer", "respond-async"),
  NOT_RECORDED("notRecorded", "table fails table-down", "Prefer", "respond-async"),
  INVALID_KEY("invalidKey", "table", "Idempotency-Key", ""),
  NO_RECORDS("noRecords", "nothing", "Idempotency-Key", Texts.KEY),
  IN_PROGRESS("inProgress", new SignRequest("hello world", null, null)),
  KEY_REUSED("keyReused", new SignRequest("another message", null, null)),
  REPEAT_UNKNOWN("repeatUnknown", "table table-down", "Idempotency-Key", Texts.KEY);

  /** API Gateway's id of the request. */
  public static final String API_REQUEST_ID = "JKJaXmPLvHcESHA=";

  private final String example;
  private final String method;
  private final Consumer<FakeServices> given;
  private final Consumer<ObjectNode> request;

  SignCase(String example, String given, String query) {
    this(example, "GET", words(given), event -> event.put("rawQueryString", query));
  }

  /** A request with a header. */
  SignCase(String example, String given, String header, String value) {
    this(example, "GET", words(given), event -> putHeader(event, header, value));
  }

  /** A request with a key with which another request is being answered. */
  SignCase(String example, SignRequest other) {
    this(
        example,
        "GET",
        fakes -> reserve(fakes, other),
        event -> putHeader(event, "Idempotency-Key", Texts.KEY));
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
        _ -> {},
        event -> {
          event.put("rawQueryString", query).put("body", body).put("isBase64Encoded", isBase64);
          event
              .putObject("headers")
              .put("content-type", contentType)
              .put("content-encoding", contentEncoding);
        });
  }

  SignCase(
      String example, String method, Consumer<FakeServices> given, Consumer<ObjectNode> request) {
    this.example = example;
    this.method = method;
    this.given = given;
    this.request = request;
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
    fakes.upstream = _ -> new Signed("MEQCIFx7Zl0c1k0mG3pQ");
    given.accept(fakes);
    ObjectNode event = Json.object().put("routeKey", method + " /crypto/sign");
    request.accept(event);
    event.putObject("requestContext").put("requestId", API_REQUEST_ID);
    JsonNode answer = fakes.answer(event);
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

  private static Consumer<FakeServices> words(String given) {
    return fakes -> Given.prepare(fakes, given);
  }

  private static void putHeader(ObjectNode event, String name, String value) {
    event.put("rawQueryString", Texts.MESSAGE).putObject("headers").put(name, value);
  }

  private static void reserve(FakeServices fakes, SignRequest request) {
    var key = new IdempotencyKey(Texts.KEY);
    Instant now = FakeServices.START;
    var _ =
        fakes
            .with("JOB_TABLE", "jobs")
            .jobTable
            .direct()
            .reserve(
                new Reservation(
                    key.jobId(""),
                    "",
                    key.fingerprint(request, false),
                    "another process",
                    now,
                    now,
                    now.plusSeconds(10),
                    now.plusSeconds(60)),
                Duration.ofSeconds(1));
  }

  /** Those of an enum are not initialized before its elements. */
  private static final class Texts {
    static final String KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    static final String JSON = "application/json";
    static final String MESSAGE = "message=hello%20world";
    static final String WITH_CALLBACK = MESSAGE + "&callback_url=https://receiver.example.com/";
  }
}
