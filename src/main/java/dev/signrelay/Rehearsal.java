package dev.signrelay;

import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.Network;
import dev.signrelay.json.Json;
import dev.signrelay.log.EventLog;
import dev.signrelay.log.LogEvent.Level;
import dev.signrelay.loopback.LoopbackServer;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsSignature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A function's whole way, gone with real parts whose upstream, receiver and AWS are a {@linkplain
 * RehearsedServices server in this process}: what the way loads, initialises and compiles, the
 * first real event finds ready. Nothing leaves the process, no quota is spent, and every connection
 * is closed in the end. No real setting and no credential is looked at.
 *
 * @param callsPerMinute the limit; 0: without one, and so without DynamoDB's client
 * @param log gets what the real log would
 */
record Rehearsal(int callsPerMinute, InstantSource clock, EventLog log) {

  private static final String KEY = "the-key-of-a-rehearsal";
  private static final Duration TIME = Duration.ofSeconds(30);

  /** What has run a few times is compiled; more of them gain little. */
  private static final int LEAST_TIMES = 5;

  private static final int MOST_TIMES = 20;

  /** SignFunction's: one request that is signed, and one whose job is queued. */
  void signing() throws IOException {
    rehearse(
        Set.of("signed", "http-503"),
        (parts, server) -> {
          var handler = new SignHandler(parts);
          String url = URLEncoder.encode(server + "/", StandardCharsets.UTF_8);
          for (String query :
              List.of(
                  "message=" + RehearsedServices.SIGNED,
                  "message=" + RehearsedServices.REFUSED + "&callback_url=" + url)) {
            handler.handleRequest(request(query), nowhere(), null);
          }
        });
  }

  /** RetryFunction's: a job that is signed and delivered, one that fails and two that wait on. */
  void retrying() throws IOException {
    rehearse(
        Set.of("signed", "http-204", "http-503"),
        (parts, server) -> {
          var acceptance = new Acceptance("rehearsal", server, clock.instant());
          var signed = NeedsSignature.first(acceptance, RehearsedServices.SIGNED);
          var refused = NeedsSignature.first(acceptance, RehearsedServices.REFUSED);
          var waiting = refused.withNotBefore(clock.instant().plus(TIME));
          var records =
              Stream.of(signed, refused, waiting, waiting)
                  .map(job -> Map.of("messageId", "rehearsed", "body", JobCodec.encode(job)))
                  .toList();
          new RetryHandler(parts).handle(event(Map.of("Records", records)), nowhere(), TIME);
        });
  }

  /** Where the code is, and where the server. */
  @FunctionalInterface
  private interface Way {
    void go(Wiring parts, URI server) throws IOException;
  }

  /**
   * Goes the way until every outcome was seen: the first times may be so slow that deadlines end
   * them early.
   */
  private void rehearse(Set<String> outcomes, Way way) throws IOException {
    Set<Object> seen = ConcurrentHashMap.newKeySet();
    EventLog watched =
        line -> {
          log.write(line);
          if (line.level() != Level.ERROR) {
            seen.add(line.fields().getOrDefault("outcome", ""));
          }
        };
    var services = new RehearsedServices(callsPerMinute, clock);
    try (var server = LoopbackServer.start(services::answer)) {
      for (int times = 1; times <= MOST_TIMES; times++) {
        way.go(parts(server, watched), server.url());
        if (seen.containsAll(outcomes) && times >= LEAST_TIMES) {
          return;
        }
      }
    }
    throw new IOException("the rehearsal did not get to its end");
  }

  private Wiring parts(LoopbackServer server, EventLog watched) {
    // The system's trust store is not asked here, but loaded.
    Network network = Network.ofSystem().withTls(server.tls().client());
    return Wiring.of(
        Config.from(settings(server.url())::get),
        AwsClients.of(server.url(), server.tls().trust()),
        clock,
        watched,
        network);
  }

  private Map<String, String> settings(URI server) {
    return Map.of(
        "CRYPTO_CLIENT_BASE_URL",
        server.toString(),
        "CRYPTO_CLIENT_API_KEY",
        KEY,
        "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE",
        Integer.toString(callsPerMinute),
        "RATE_LIMIT_TABLE",
        "rehearsal",
        "RETRY_QUEUE_URL",
        server + "/retry",
        "DEAD_LETTER_QUEUE_URL",
        server + "/dead",
        "CALLBACK_ALLOW_PRIVATE_ADDRESSES",
        "true",
        "CALLBACK_SIGNING_SECRET",
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "CLIENT_API_KEYS",
        KEY);
  }

  private static InputStream request(String query) {
    return event(Map.of("rawQueryString", query, "headers", Map.of("x-api-key", KEY)));
  }

  private static InputStream event(Map<String, ?> event) {
    return new ByteArrayInputStream(Json.writeAscii(event).getBytes(StandardCharsets.UTF_8));
  }

  private static OutputStream nowhere() {
    return OutputStream.nullOutputStream();
  }
}
