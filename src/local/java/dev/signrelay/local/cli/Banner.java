package dev.signrelay.local.cli;

import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.local.LocalSystem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the local run prints when it is running.
 *
 * @param bind the address that all servers listen on
 * @param keep the file in which jobs are kept; null: none
 */
record Banner(LocalSystem system, String bind, @Nullable Path keep) {

  String text() throws UnknownHostException {
    Map<String, String> settings = system.environment();
    return """

        SignRelay is running.

          Console   %s
          API       %s
          Reference %s
          Upstream  %s
          Inbox     %s
          SQS       %s
          DynamoDB  %s

          Limit: %s upstream calls per minute. Retry delays: %s to %s s.
          Maximum attempts: %s to sign, %s to deliver a callback.
          %s
          %s
          A deployment has TLS, and sends callbacks only to https URLs at public addresses, port 443
          or 8443.%s

        Try it:

          curl -i %s'%s?message=hello&callback_url=%s'

        Press Ctrl-C to stop.

        """
        .formatted(
            system.front().url(),
            system.signUrl(),
            system.front().url() + "/api/docs",
            settings.get("CRYPTO_CLIENT_BASE_URL"),
            system.inbox().url(),
            system.queues().endpoint(),
            system.limits().endpoint(),
            settings.get("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE"),
            settings.get("RETRY_BASE_DELAY_SECONDS"),
            settings.get("RETRY_MAX_DELAY_SECONDS"),
            settings.get("RETRY_MAX_ATTEMPTS"),
            settings.get("CALLBACK_MAX_ATTEMPTS"),
            callbacks(settings),
            access(),
            keep == null
                ? ""
                : "\n  Jobs are kept in %s, with messages and signatures.".formatted(keep),
            settings.get("CLIENT_API_KEYS").isEmpty() ? "" : "-H 'x-api-key: ONE_OF_YOUR_KEYS' ",
            system.signUrl(),
            system.inbox().url());
  }

  private static String callbacks(Map<String, String> settings) {
    return switch (settings.getOrDefault(LocalMain.SIGNING_SECRET, "")) {
      case LocalEnvironment.DEMO_CALLBACK_SECRET ->
          "Callbacks are signed with the demo secret, which everybody knows:\n  "
              + LocalEnvironment.DEMO_CALLBACK_SECRET;
      case "" -> "Callbacks have no v1 signature.";
      case String _ -> "Callbacks are signed with your " + LocalMain.SIGNING_SECRET + ".";
    };
  }

  /** Who can use the local run. */
  private String access() throws UnknownHostException {
    return InetAddress.getByName(bind).isLoopbackAddress()
        ? "Only programs on this machine can connect. Pages of other origins are refused."
        : """
          --bind %s: anyone who reaches this address over the network can have messages signed, with
          your upstream key if you gave one, read and change all jobs, and have callbacks sent from
          this machine to any address. Pages of other origins are refused."""
            .formatted(bind)
            .replace("\n", "\n  ");
  }
}
