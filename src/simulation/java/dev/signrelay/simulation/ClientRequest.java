package dev.signrelay.simulation;

import dev.signrelay.json.Json;
import dev.signrelay.request.IdempotencyKey;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A request of a client, which may send it several times if it has a key.
 *
 * @param id of the request, and of its job
 * @param callbackUrl null: the result is in the response, or in the job's record
 * @param validity for how long the result is wanted; null: as long as it takes
 * @param respondAsync whether it has {@code Prefer: respond-async}
 * @param key the {@code Idempotency-Key}; null: it has none
 */
record ClientRequest(
    String id,
    String message,
    @Nullable URI callbackUrl,
    @Nullable Duration validity,
    boolean respondAsync,
    @Nullable String key) {

  /** The id of the job of all requests with a key. */
  static String idOf(String key) {
    return new IdempotencyKey(key).jobId("");
  }

  /** The event of API Gateway if the request arrives now. */
  String event(InstantSource time) {
    var event = Json.object().put("rawQueryString", query());
    event.putObject("requestContext").put("timeEpoch", time.instant().toEpochMilli());
    var headers = event.putObject("headers");
    if (respondAsync) {
      headers.put("prefer", "respond-async");
    }
    if (key != null) {
      headers.put("idempotency-key", '"' + key + '"');
    }
    return Json.write(event);
  }

  private String query() {
    return "message="
        + message
        + (callbackUrl == null
            ? ""
            : "&callback_url=https%3A%2F%2Fclient.example"
                + callbackUrl.getPath().replace("/", "%2F"))
        + (validity == null ? "" : "&valid_for=" + validity.toSeconds());
  }

  /** The message, and what distinguishes the request from others with it. */
  @Override
  public String toString() {
    return "%s of %s%s".formatted(message, id, respondAsync ? ", asynchronously" : "");
  }
}
