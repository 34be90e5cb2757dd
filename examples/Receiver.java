import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Receives SignRelay's callbacks: takes only genuine ones, and works on each of them once. Needs a
 * JDK 25 and no library. See README.md here.
 */
final class Receiver {

  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final int LEAST_KEY_BYTES = 24;
  private static final String ALGORITHM = "HmacSHA256";

  /** A signature is at most 16 KiB of text, and JSON may take six bytes to write one. */
  private static final int MAX_BODY_BYTES = 128 * 1024;

  /** The whole body, if a job is given up. The JDK has no JSON parser; yours reads the data. */
  private static final String GIVEN_UP = "{\"success\":false,\"data\":null}";

  private final SecretKeySpec key;
  private final Path folder;

  private Receiver(SecretKeySpec key, Path folder) {
    this.key = key;
    this.folder = folder;
  }

  static void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 3300;
    Path folder = Path.of(args.length > 1 ? args[1] : "received");
    Optional<SecretKeySpec> key = key(System.getenv().getOrDefault("SIGNRELAY_SECRET", ""));
    if (key.isEmpty()) {
      System.err.println(
          "Set SIGNRELAY_SECRET to whsec_ and base64: one of SignRelay's CALLBACK_SIGNING_SECRET");
      System.exit(1);
    }
    var receiver = new Receiver(key.orElseThrow(), Files.createDirectories(folder));
    var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", receiver::handle);
    server.start();
    System.out.println("receives at http://localhost:" + server.getAddress().getPort() + "/");
  }

  /** What a secret stands for; empty if it is none. */
  private static Optional<SecretKeySpec> key(String secret) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
      return secret.startsWith("whsec_") && key.length >= LEAST_KEY_BYTES
          ? Optional.of(new SecretKeySpec(key, ALGORITHM))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status(exchange), -1);
    }
  }

  private int status(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      return 405;
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      return 413;
    }
    try {
      return receive(exchange.getRequestHeaders(), body);
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      return 500; // whatever it is, the callback comes again
    }
  }

  /** Returns the status to answer. */
  private int receive(Headers headers, byte[] body) throws IOException {
    String id = header(headers, "webhook-id");
    if (!isGenuine(id, headers, body)) {
      System.out.println("refused");
      return 401;
    }
    boolean givenUp = Arrays.equals(body, GIVEN_UP.getBytes(StandardCharsets.UTF_8));
    String done = givenUp ? "given up" : "signed";
    System.out.println(id + ": " + (keep(id, body) ? done : "again"));
    return 204;
  }

  /** Whether SignRelay sent this, and not long ago. One right signature of several is enough. */
  private boolean isGenuine(String id, Headers headers, byte[] body) {
    String timestamp = header(headers, "webhook-timestamp");
    if (!timestamp.matches("[0-9]{1,12}")) {
      return false;
    }
    Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(sent, Instant.now()).abs().compareTo(TOLERANCE) > 0) {
      return false;
    }
    byte[] right = ("v1," + mac(id + "." + timestamp + ".", body)).getBytes(StandardCharsets.UTF_8);
    return Arrays.stream(header(headers, "webhook-signature").split(" "))
        .map(given -> given.getBytes(StandardCharsets.UTF_8))
        .anyMatch(given -> MessageDigest.isEqual(right, given)); // in constant time
  }

  private String mac(String beforeTheBody, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(beforeTheBody.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static String header(Headers headers, String name) {
    String value = headers.getFirst(name);
    return value == null ? "" : value;
  }

  /**
   * The work, and the mark that it is done, in one step: a result is written whole under another
   * name and then gets its own, which only one can have. With a database, yours is one transaction.
   *
   * @return whether it is new
   */
  private boolean keep(String id, byte[] body) throws IOException {
    if (!id.matches("[\\w-]{1,64}")) {
      throw new IOException("not an id of SignRelay's, and no name for a file");
    }
    Path draft = Files.createTempFile(folder, "", ".draft");
    try {
      Files.write(draft, body, StandardOpenOption.SYNC);
      Files.createLink(folder.resolve(id + ".json"), draft);
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } finally {
      Files.delete(draft);
    }
  }
}
