package dev.signrelay;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.json.ResultBody;
import java.util.HashMap;
import java.util.Map;

/**
 * The answers of {@code GET /crypto/sign}. Each has {@code X-Request-Id}, which is the callback's
 * {@code webhook-id} too, and {@code X-Sign-Status}.
 */
final class SignAnswer {

  /** Seconds after which a client that got 503 may try again. */
  private static final String RETRY_AFTER = "5";

  private SignAnswer() {}

  static APIGatewayV2HTTPResponse signed(String id, String signature) {
    return answer(200, id, "signed", ResultBody.success(signature));
  }

  static APIGatewayV2HTTPResponse queued(String id) {
    return answer(200, id, "queued", ResultBody.success(null));
  }

  static APIGatewayV2HTTPResponse unsigned(String id) {
    return answer(200, id, "unsigned", ResultBody.success(null));
  }

  /** The upstream will never sign this message. */
  static APIGatewayV2HTTPResponse rejected(String id) {
    return answer(200, id, "rejected", ResultBody.success(null));
  }

  /**
   * @param error names the field and the rule
   */
  static APIGatewayV2HTTPResponse badRequest(String id, String error) {
    return answer(400, id, "rejected", ResultBody.failure(error));
  }

  /** The queue did not take the job: nothing will come of this request, and it must not seem so. */
  static APIGatewayV2HTTPResponse queueUnavailable(String id) {
    return unavailable(id, "The callback could not be queued. Send the request again later.");
  }

  static APIGatewayV2HTTPResponse internalError(String id) {
    return unavailable(id, "Something went wrong here. Send the request again later.");
  }

  private static APIGatewayV2HTTPResponse unavailable(String id, String error) {
    APIGatewayV2HTTPResponse answer = answer(503, id, "unsigned", ResultBody.failure(error));
    answer.getHeaders().put("Retry-After", RETRY_AFTER);
    return answer;
  }

  private static APIGatewayV2HTTPResponse answer(
      int statusCode, String id, String signStatus, String body) {
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(statusCode)
        .withHeaders(
            new HashMap<>(
                Map.of(
                    "Content-Type",
                    "application/json",
                    "Cache-Control",
                    "no-store",
                    "X-Request-Id",
                    id,
                    "X-Sign-Status",
                    signStatus)))
        .withBody(body)
        .build();
  }
}
