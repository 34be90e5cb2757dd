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
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import java.time.Duration;
import java.util.HashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** A request for every kind of response, with its example in {@code openapi.yaml}. */
public enum SignCase {
  SIGNED("signed", Given.MESSAGE, Given.SIGNED),
  SIGNED_BEFORE_ITS_CALLBACK("signed", Given.WITH_CALLBACK, Given.SIGNED),
  QUEUED("queued", Given.WITH_CALLBACK, Given.UNSIGNED),
  QUEUED_UNTIL_ITS_GRANT(
      "queued",
      Given.WITH_CALLBACK,
      Given.SIGNED,
      fakes -> fakes.limiter.wait = Duration.ofSeconds(30)),
  QUEUED_IN_LINE("queued", Given.WITH_CALLBACK, Given.SIGNED, Given::isLimited),
  LINE_FULL(
      "lineFull",
      Given.WITH_CALLBACK,
      Given.SIGNED,
      fakes -> Given.isLimited(fakes.with("LINE_MAX_SECONDS", "60"))),
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
  NOT_UTF8("notUtf8", "message=%FF", Given.SIGNED),
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
  BROKEN("internalError", Given.MESSAGE, Given.BROKEN);

  /** API Gateway's id of the request. */
  public static final String API_REQUEST_ID = "JKJaXmPLvHcESHA=";

  private final String example;
  private final String query;
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
    this.example = example;
    this.query = query;
    this.upstream = upstream;
    this.given = given;
  }

  public String example() {
    return example;
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
    ObjectNode event = Json.object().put("rawQueryString", query);
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
    static final String MESSAGE = "message=hello%20world";
    static final String WITH_CALLBACK = MESSAGE + "&callback_url=https://receiver.example.com/";
    static final Function<String, SigningOutcome> SIGNED = _ -> new Signed("MEQCIFx7Zl0c1k0mG3pQ");
    static final Function<String, SigningOutcome> UNSIGNED = _ -> new Failed("http-503", null);
    static final Function<String, SigningOutcome> REJECTED = _ -> new Rejected("http-400");
    static final Function<String, SigningOutcome> BROKEN =
        _ -> {
          throw new IllegalStateException("broken");
        };

    static void queueIsDown(FakeServices fakes) {
      fakes.queueIsDown = true;
    }

    static void isLimited(FakeServices fakes) {
      fakes.limiter.wait = Duration.ofSeconds(60);
    }
  }
}
