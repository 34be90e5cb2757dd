package dev.signrelay.upstream;

import dev.signrelay.http.HttpCall;
import dev.signrelay.http.HttpExchange;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Signs through {@code GET {base}/crypto/sign?message=M}, the key in {@code Authorization}. */
public final class HttpSigner implements Signer {

  private final HttpExchange http;
  private final String endpoint;
  private final String key;
  private final InstantSource clock;

  /**
   * @param baseUrl absolute, without query and fragment; its path, if any, is kept
   */
  public HttpSigner(HttpExchange http, URI baseUrl, String key, InstantSource clock) {
    this.http = http;
    this.endpoint = baseUrl.toString().replaceFirst("/+$", "") + "/crypto/sign?message=";
    this.key = key;
    this.clock = clock;
  }

  @Override
  public SigningOutcome sign(String message, Duration timeout, Instant sendBefore) {
    var call =
        new HttpCall(
            URI.create(endpoint + percentEncoded(message)),
            Map.of("Authorization", key),
            null,
            timeout,
            SigningReply.MAX_SIGNATURE_BYTES,
            () -> clock.instant().isBefore(sendBefore));
    return SigningReply.outcome(http.exchange(call), clock.instant());
  }

  /** A space as {@code %20}, which is a space in every reading of a URL; {@code +} is not. */
  private static String percentEncoded(String message) {
    return URLEncoder.encode(message, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
