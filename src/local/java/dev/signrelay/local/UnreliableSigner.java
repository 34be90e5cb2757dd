package dev.signrelay.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server with a signing API that simulates the failures of a real one. {@code GET
 * /crypto/sign?message=M} signs with RSA-2048 and SHA-256, subject to its {@link Behaviour} and its
 * rate limit. {@code GET /crypto/verify?message=M&signature=S} verifies a signature.
 */
public final class UnreliableSigner implements AutoCloseable {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** One pair of keys for all signers of this process: without the C2 compiler it takes seconds. */
  private static final KeyPair KEYS = keys();

  /** How a call is answered. */
  public sealed interface Answer {
    record Sign() implements Answer {}

    record SignAfter(Duration delay) implements Answer {}

    record Fail(int status) implements Answer {}

    /** Keeps the connection open and never responds. */
    record Hang() implements Answer {}
  }

  /** Decides how each call is answered. Safe for use by several threads. */
  @FunctionalInterface
  public interface Behaviour {

    /**
     * @param call the number of calls for the message so far, including this one
     */
    Answer answer(String message, int call);
  }

  private final LocalServer server;
  private final String key;
  private final int callsPerMinute;
  private final InstantSource clock;
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Deque<Instant> window = new ArrayDeque<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile Behaviour behaviour;

  /**
   * @param key the required value of {@code Authorization}
   * @param callsPerMinute the calls allowed in any 60 s; further calls are answered with 429; 0: no
   *     limit
   * @throws IOException if the port is already in use
   */
  public UnreliableSigner(
      String bind,
      int port,
      String key,
      int callsPerMinute,
      Behaviour behaviour,
      InstantSource clock)
      throws IOException {
    this.key = key;
    this.callsPerMinute = callsPerMinute;
    this.behaviour = behaviour;
    this.clock = clock;
    server = new LocalServer(bind, port, this::handle);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("RSA is not available", e);
    }
  }

  public LocalServer server() {
    return server;
  }

  public void setBehaviour(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  /** The number of calls for a message, without those refused by the rate limit. */
  public int calls(String message) {
    return calls.getOrDefault(message, 0);
  }

  /** The number of calls refused by the rate limit. */
  public int refusals() {
    return refusals.get();
  }

  private void handle(Exchange exchange) throws IOException, InterruptedException {
    String path = exchange.path();
    String message = exchange.parameter("message");
    if (path.equals("/crypto/verify")) {
      boolean valid = verify(message, exchange.parameter("signature"));
      exchange.respond(valid ? 200 : 400, "text/plain", valid ? "valid" : "invalid");
    } else if (!path.equals("/crypto/sign")) {
      exchange.respond(404, "text/plain", "not found");
    } else if (!exchange.method().equals("GET")) {
      exchange.respond(405, "text/plain", "use GET");
    } else if (!key.equals(exchange.header("Authorization"))) {
      exchange.respond(401, "text/plain", "wrong key");
    } else {
      Duration wait = timeUntilAdmitted();
      if (wait.isPositive()) {
        refusals.incrementAndGet();
        exchange.set("Retry-After", Long.toString(wait.toSeconds() + 1));
        exchange.respond(429, "text/plain", "too many requests");
      } else {
        answer(exchange, message);
      }
    }
  }

  private void answer(Exchange exchange, String message) throws IOException, InterruptedException {
    int call = calls.merge(message, 1, Integer::sum);
    switch (behaviour.answer(message, call)) {
      case Answer.Sign _ -> respondSigned(exchange, message);
      case Answer.SignAfter(Duration delay) -> {
        Thread.sleep(delay);
        respondSigned(exchange, message);
      }
      case Answer.Fail(int status) -> exchange.respond(status, "text/plain", "signing failed");
      case Answer.Hang _ -> Thread.sleep(Duration.ofHours(1));
    }
  }

  private void respondSigned(Exchange exchange, String message) throws IOException {
    exchange.respond(200, "text/plain", sign(message));
  }

  private String sign(String message) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(KEYS.getPrivate());
      signature.update(message.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a signer of this process created the signature for the message. */
  public boolean verify(String message, String signature) {
    try {
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(KEYS.getPublic());
      verifier.update(message.getBytes(UTF_8));
      return verifier.verify(Base64.getUrlDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return false;
    }
  }

  /** The time until the rate limit admits a call. Zero: this call is admitted and counted. */
  private synchronized Duration timeUntilAdmitted() {
    Instant now = clock.instant();
    while (!window.isEmpty() && !window.peekFirst().plus(WINDOW).isAfter(now)) {
      window.removeFirst();
    }
    if (callsPerMinute > 0 && window.size() >= callsPerMinute) {
      return Duration.between(now, window.peekFirst().plus(WINDOW));
    }
    window.addLast(now);
    return Duration.ZERO;
  }

  @Override
  public void close() {
    server.close();
  }
}
