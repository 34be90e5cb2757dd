package dev.signrelay.system;

import dev.signrelay.json.Json;
import dev.signrelay.testing.Canary;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Canary values for every kind of secret, and invalid requests and queue messages with them. */
final class Canaries {

  static final Canary KEY = new Canary("SerinusUpstreamKey11");
  static final Canary CLIENT_KEY = new Canary("SerinusClientKey22");
  static final Canary WRONG_KEY = new Canary("SerinusWrongKey33");
  static final Canary MESSAGE = new Canary("SerinusMessage44");
  static final Canary SIGNATURE = new Canary("SerinusSignature55");
  static final Canary QUERY = new Canary("SerinusQuery66");
  static final Canary SECRET = new Canary("SerinusSecret77");
  static final Canary SIGNING_KEY = new Canary("SerinusSigningKey88");
  static final List<Canary> ALL =
      List.of(KEY, CLIENT_KEY, WRONG_KEY, MESSAGE, SIGNATURE, QUERY, SECRET, SIGNING_KEY);

  /** The canaries that must not occur in any response or callback. */
  static final List<Canary> KEYS = List.of(KEY, CLIENT_KEY, WRONG_KEY, SECRET, SIGNING_KEY);

  static final String SIGNED = "line\r\nX-Forged: 1\r\n\r\n\"" + SIGNATURE.core();

  private Canaries() {}

  /** Settings with canaries as secrets, short timeouts and few attempts. */
  static Map<String, String> environment(URI upstream) {
    return Map.ofEntries(
        Map.entry("CRYPTO_CLIENT_BASE_URL", upstream.toString()),
        Map.entry("CRYPTO_CLIENT_API_KEY", "Bearer \"%" + KEY.core() + "\\"),
        Map.entry("CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.5"),
        Map.entry("CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "0.5"),
        Map.entry("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "1000"),
        Map.entry("CLIENT_API_KEYS", CLIENT_KEY.core()),
        Map.entry("CALLBACK_SIGNING_SECRET", "whsec_" + base64("0123456789" + SECRET.core())),
        // The seed of a private key has 32 bytes.
        Map.entry("CALLBACK_SIGNING_KEY", "whsk_" + base64("0123456789abc" + SIGNING_KEY.core())),
        Map.entry("CALLBACK_TIMEOUT_SECONDS", "0.5"),
        Map.entry("CALLBACK_MAX_ATTEMPTS", "2"),
        Map.entry("CALLBACK_ON_FAILURE", "true"),
        Map.entry("RETRY_BASE_DELAY_SECONDS", "1"),
        Map.entry("RETRY_MAX_DELAY_SECONDS", "1"),
        Map.entry("RETRY_MAX_ATTEMPTS", "2"),
        Map.entry("RETRY_GIVE_UP_AFTER_SECONDS", "0"),
        Map.entry("CALLBACK_GIVE_UP_AFTER_SECONDS", "0"),
        Map.entry("CALLBACK_MAX_DELAY_SECONDS", "1"));
  }

  /** Raw queries that are refused, each for a different reason. */
  static List<String> badQueries() {
    String m = MESSAGE.core();
    return List.of(
        "message=" + m + "%FF",
        "message=" + m + "&message=" + m,
        "message=" + m.repeat(300),
        m + "=" + m,
        "message=" + m + "&callback_url=" + m,
        "message=" + m + "&callback_url=ftp%3A%2F%2F" + m,
        "message=" + m + "&callback_url=https%3A%2F%2Fuser%3A" + QUERY.core() + "%40h.example",
        "message=" + m + "&callback_url=https%3A%2F%2Fh.example%2F%23" + QUERY.core(),
        "message=" + m + "&callback_url=https%3A%2F%2Fh.example%3A99999%2F" + QUERY.core(),
        "message=" + m + "&callback_url=https%3A%2F%2F" + QUERY.core() + "_%2F",
        "message=" + m + "&callback_url=https%3A%2F%2Fh.example%2F%20" + QUERY.core(),
        "message=" + m + "%0D%0AX-Forged:%201&callback_url=%0D%0A" + QUERY.core());
  }

  /** Queue messages that are not valid jobs, each for a different reason. */
  static Stream<String> malformedMessages() {
    String whole = job("job", URI.create("http://h.example/?" + QUERY.core()));
    return Stream.of(
        MESSAGE.core(),
        whole.substring(0, whole.length() - 1),
        whole.replace("needs-callback", SIGNATURE.core()),
        whole.replace("\"job\"", "\"" + MESSAGE.core() + "\\r\\nX-Forged: 1\""),
        whole.replace("http://", QUERY.core() + "://"),
        whole.replace("2026-", MESSAGE.core()),
        whole.replace("\"attempt\":1", "\"attempt\":\"" + MESSAGE.core() + "\""));
  }

  /** The queue message of a job that waits for its callback. */
  static String job(String id, URI url) {
    return Json.write(
        Json.object()
            .put("version", 1)
            .put("stage", "needs-callback")
            .put("message", "do-200- queued " + MESSAGE.core())
            .put("signature", SIGNED)
            .put("calls", 1)
            .put("id", id)
            .put("callbackUrl", url.toString())
            .put("acceptedAt", "2026-11-23T12:00:00Z")
            .put("attempt", 1)
            .put("since", "2026-11-23T12:00:00Z"));
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
