package dev.signrelay.testing;

import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP client of the API. */
public record ApiClient(URI signUrl, HttpClient http, Map<String, String> headers) {

  /**
   * @param expectedIn the seconds until the job's next call; -1: absent
   */
  public record Answer(
      int status,
      String signStatus,
      String requestId,
      long expectedIn,
      String body,
      Duration took) {

    public @Nullable String signature() {
      try {
        return Json.read(body).path("data").textValue();
      } catch (MalformedJsonException e) {
        throw new AssertionError(body, e);
      }
    }
  }

  public ApiClient(URI signUrl) {
    this(signUrl, HttpClient.newHttpClient(), Map.of());
  }

  public ApiClient with(String header, String value) {
    return new ApiClient(signUrl, http, Map.of(header, value));
  }

  public Answer sign(String message) {
    return get("message=" + encoded(message));
  }

  public Answer sign(String message, String callbackUrl) {
    return get("message=" + encoded(message) + "&callback_url=" + encoded(callbackUrl));
  }

  public Answer get(String rawQuery) {
    return answer(HttpRequest.newBuilder(URI.create(signUrl + "?" + rawQuery)));
  }

  /** {@code POST /crypto/sign}. */
  public Answer post(String contentType, String body) {
    return answer(
        HttpRequest.newBuilder(signUrl)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(body)));
  }

  /**
   * @throws IOException if there is no response
   */
  public Answer trySign(String message, String callbackUrl)
      throws IOException, InterruptedException {
    String query = "message=" + encoded(message) + "&callback_url=" + encoded(callbackUrl);
    return send(HttpRequest.newBuilder(URI.create(signUrl + "?" + query)));
  }

  private Answer answer(HttpRequest.Builder request) {
    try {
      return send(request);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    headers.forEach(request::header);
    long start = System.nanoTime();
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("X-Sign-Status").orElse(""),
        response.headers().firstValue("X-Request-Id").orElse(""),
        response.headers().firstValueAsLong("X-Sign-Expected-In").orElse(-1),
        response.body(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
