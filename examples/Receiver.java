import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
 * Requests signatures, one for each line of the standard input, and receives SignRelay's callbacks:
 * verifies them, refuses those that were not requested here, and processes each one once. Requires
 * JDK 25 and no libraries. See README.md in this directory.
 */
final class Receiver {

  /** The local run uses this secret by default. Everybody knows it. */
  private static final String DEMO_SECRET =
      "whsec_PublicDemoSecretOfTheLocalRunOfSignRelayDoNotUse";

  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String REQUESTED = ".requested";
  private static final int LEAST_KEY_BYTES = 24;
  private static final String ALGORITHM = "HmacSHA256";

  /** A signature is at most 16 KiB of text, and JSON needs up to six bytes for one of its bytes. */
  private static final int MAX_BODY_BYTES = 128 * 1024;

  /** How the body of a failure notice begins. It is no JSON parser, which the JDK does not have. */
  private static final String FAILURE_NOTICE = "{\"success\":false,";

  private final HttpClient http = HttpClient.newHttpClient();
  private final SecretKeySpec key;
  private final Path folder;

  private Receiver(SecretKeySpec key, Path folder) {
    this.key = key;
    this.folder = folder;
  }

  static void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 3300;
    Path folder = Path.of(args.length > 1 ? args[1] : "received");
    String api = args.length > 2 ? args[2] : "http://localhost:3000/crypto/sign";
    Optional<SecretKeySpec> key =
        key(System.getenv().getOrDefault("SIGNRELAY_SECRET", DEMO_SECRET));
    if (key.isEmpty()) {
      System.err.println(
          "Set SIGNRELAY_SECRET to a secret of CALLBACK_SIGNING_SECRET: whsec_ followed by base64");
      System.exit(1);
    }
    if (System.getenv("SIGNRELAY_SECRET") == null) {
      System.err.println(
          "SIGNRELAY_SECRET is not set: using the demo secret of the local run only");
    }
    var receiver = new Receiver(key.orElseThrow(), Files.createDirectories(folder));
    var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (BindException e) {
      System.err.println("Port " + port + ": " + e.getMessage());
      System.exit(1);
      return;
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", receiver::handle);
    server.start();
    String url = "http://localhost:" + server.getAddress().getPort() + "/";
    System.out.println("Listening on " + url);
    for (String message = IO.readln(); message != null; message = IO.readln()) {
      receiver.request(api, message, url);
    }
  }

  /**
   * Has a message signed, and keeps the id of the request. Any client can name any callback URL,
   * and relay the genuine callback that it gets to this receiver: its signature is valid. So only
   * callbacks for ids of this program's own requests are accepted.
   */
  private void request(String api, String message, String url) {
    String query = "?message=%s&callback_url=%s".formatted(encoded(message), encoded(url));
    HttpRequest request = HttpRequest.newBuilder(URI.create(api + query)).timeout(TIMEOUT).build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      String id = response.headers().firstValue("X-Request-Id").orElseThrow();
      String status = response.headers().firstValue("X-Sign-Status").orElse("");
      switch (status) {
        case "signed" -> store(id, response.body());
        case "queued" -> Files.createFile(file(id, REQUESTED));
        case String _ -> {}
      }
      System.out.println(id + ": " + status);
    } catch (IOException | InterruptedException | RuntimeException e) {
      System.err.println("No answer: " + e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
    if (!Files.exists(file(id.replaceFirst("-failed$", ""), REQUESTED))) {
      System.out.println(id + ": not requested");
      return 404; // sent again later, because the response with the id can be slower
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
    Path draft = Files.createTempFile(folder, "", ".draft");
    try {
      Files.write(draft, body, StandardOpenOption.SYNC);
      Files.createLink(file(id, ".json"), draft);
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } finally {
      Files.delete(draft);
    }
  }

  private Path file(String id, String suffix) {
    if (!id.matches("[\\w-]{1,64}")) {
      throw new IllegalArgumentException("The id is not valid as a file name");
    }
    return folder.resolve(id + suffix);
  }
}
