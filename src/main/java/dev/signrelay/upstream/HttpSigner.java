package dev.signrelay.upstream;

import dev.signrelay.http.HttpCall;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.job.SigningOutcome;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Signs with {@code GET {base}/crypto/sign?message=M}. The API key is the value of {@code
 * Authorization}.
 */
public final class HttpSigner implements Signer {

  private final HttpTransport http;
  private final String endpoint;
  private final String key;
  private final InstantSource clock;

  /**
   * @param baseUrl absolute, without query and fragment; a path is kept
   */
  public HttpSigner(HttpTransport http, URI baseUrl, String key, InstantSource clock) {
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
    return SigningReply.outcome(http.execute(call), clock.instant());
  }

  /** Encodes a space as {@code %20}: {@code +} is a space only in form encoding. */
  private static String percentEncoded(String message) {
    return URLEncoder.encode(message, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
