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
 * Receives SignRelay's callbacks: verifies their signatures and processes each callback once.
 * Requires JDK 25 and no libraries. See README.md in this directory.
 */
final class Receiver {

  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final int LEAST_KEY_BYTES = 24;
  private static final String ALGORITHM = "HmacSHA256";

  /** A signature is at most 16 KiB of text, and JSON needs up to six bytes for one of its bytes. */
  private static final int MAX_BODY_BYTES = 128 * 1024;

  /** How the body of a failure notice begins. It is no JSON parser, which the JDK does not have. */
  private static final String FAILURE_NOTICE = "{\"success\":false,";

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
          "Set SIGNRELAY_SECRET to a secret of CALLBACK_SIGNING_SECRET: whsec_ followed by base64");
      System.exit(1);
    }
    var receiver = new Receiver(key.orElseThrow(), Files.createDirectories(folder));
    var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", receiver::handle);
    server.start();
    System.out.println("Listening on http://localhost:" + server.getAddress().getPort() + "/");
  }

  /** Decodes a secret. Empty if it is invalid. */
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
      return 500; // SignRelay sends the callback again
    }
  }

  /** Returns the status of the response. */
  private int receive(Headers headers, byte[] body) throws IOException {
    String id = header(headers, "webhook-id");
    if (!isGenuine(id, headers, body)) {
      System.out.println("refused: no valid signature");
      return 401;
    }
    boolean failed = new String(body, StandardCharsets.UTF_8).startsWith(FAILURE_NOTICE);
    String result = failed ? "failed" : "signed";
    System.out.println(id + ": " + (store(id, body) ? result : "duplicate"));
    return 204;
  }

  /** Verifies the timestamp and the signature. One valid signature of several is sufficient. */
  private boolean isGenuine(String id, Headers headers, byte[] body) {
    String timestamp = header(headers, "webhook-timestamp");
    if (!timestamp.matches("[0-9]{1,12}")) {
      return false;
    }
    Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(sent, Instant.now()).abs().compareTo(TOLERANCE) > 0) {
      return false;
    }
    byte[] expected =
        ("v1," + mac(id + "." + timestamp + ".", body)).getBytes(StandardCharsets.UTF_8);
    return Arrays.stream(header(headers, "webhook-signature").split(" "))
        .map(given -> given.getBytes(StandardCharsets.UTF_8))
        .anyMatch(given -> MessageDigest.isEqual(expected, given)); // in constant time
  }

  private String mac(String prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(prefix.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform supports " + ALGORITHM, e);
    }
  }

  private static String header(Headers headers, String name) {
    String value = headers.getFirst(name);
    return value == null ? "" : value;
  }

  /**
   * Stores a result atomically: writes it to a temporary file, then links it to its final name,
   * which succeeds only once. With a database, use one transaction for the id and the work.
   *
   * @return false if the id has already been processed
   */
  private boolean store(String id, byte[] body) throws IOException {
    if (!id.matches("[\\w-]{1,64}")) {
      throw new IOException("The webhook-id is not valid as a file name");
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
