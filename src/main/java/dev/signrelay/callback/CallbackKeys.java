package dev.signrelay.callback;

import dev.signrelay.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * The keys with which callbacks are signed, as they are now.
 *
 * @param secrets receivers share them
 * @param privateKeys receivers know their public keys
 * @param secretPerHost whether each receiver has secrets of its own, which are derived from {@code
 *     secrets}
 * @param clock divides a limit between the two reads
 */
public record CallbackKeys(
    Secret<CallbackSigningKeys> secrets,
    Secret<CallbackSigningKeys> privateKeys,
    boolean secretPerHost,
    InstantSource clock) {

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  /** As {@link CallbackSender#prepare}. */
  void prepare(Duration limit) {
    var _ = read(limit);
  }

  /** The keys for the receiver of a callback. Otherwise as {@link CallbackSender#prepare}. */
  CallbackSigningKeys of(URI url, Duration limit) {
    CallbackSigningKeys keys = read(limit);
    return secretPerHost ? keys.of(receiver(url)) : keys;
  }

  private CallbackSigningKeys read(Duration limit) {
    Instant end = clock.instant().plus(limit);
    return secrets.get(limit).and(privateKeys.get(Duration.between(clock.instant(), end)));
  }

  /** The host in lower case, followed by a colon and the port unless that is 443. */
  static String receiver(URI url) {
    int port = url.getPort();
    if (port == -1) {
      port = "https".equalsIgnoreCase(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return port == HTTPS_PORT ? host : host + ":" + port;
  }
}
