package dev.signrelay.upstream;

import dev.signrelay.http.HttpCall;
import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.KeyRefused;
import dev.signrelay.secret.Secret;
import dev.signrelay.time.TimeSource;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Signs with {@code GET {base}/crypto/sign?message=M}. The API key is the value of {@code
 * Authorization}.
 *
 * @param baseUrl absolute, without query and fragment; a path is kept
 */
public record HttpSigner(HttpTransport http, URI baseUrl, Secret<ApiKey> key, TimeSource time)
    implements Signer {

  @Override
  public void prepare(Duration limit) {
    key.get(limit);
  }

  @Override
  public Optional<SigningOutcome> sign(String message, Duration timeout, Grant grant) {
    ApiKey used = key.get(Duration.ZERO);
    String base = baseUrl.toString().replaceFirst("/+$", "");
    var call =
        new HttpCall(
            URI.create(base + "/crypto/sign?message=" + percentEncoded(message)),
            Map.of("Authorization", used.value()),
            null,
            timeout,
            SigningReply.MAX_SIGNATURE_BYTES,
            () -> time.sleepUntil(grant.from()) && !grant.isExpired(time.instant()));
    HttpResult result = http.execute(call);
    if (result instanceof NoReply(var cause, _) && cause == Cause.TOO_LATE) {
      return Optional.empty();
    }
    SigningOutcome outcome = SigningReply.outcome(result);
    if (outcome instanceof KeyRefused) {
      key.refused(used);
    }
    return Optional.of(outcome);
  }

  /** Encodes a space as {@code %20}: {@code +} is a space only in form encoding. */
  private static String percentEncoded(String message) {
    return URLEncoder.encode(message, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
