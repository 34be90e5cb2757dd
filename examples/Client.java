import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has a message signed by SignRelay and waits for the signature, without a receiver. Requires JDK
 * 25 and no libraries. See README.md in this directory.
 */
final class Client {

  /** How long the signature is wanted. After that, SignRelay does nothing more for the job. */
  private static final Duration VALID_FOR = Duration.ofHours(1);

  /** A request that gets no answer, or one of TRY_AGAIN, is sent this often at most. */
  private static final int TRIES = 10;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Set<Integer> TRY_AGAIN = Set.of(409, 429, 500, 502, 503, 504);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI url;
  private final String key;

  private Client(URI url, String key) {
    this.url = url;
    this.key = key;
  }

  static void main(String[] args) throws InterruptedException {
    if (args.length == 0) {
      System.err.println("Usage: Client.java MESSAGE [URL]");
      System.exit(1);
    }
    URI url = URI.create(args.length > 1 ? args[1] : "http://localhost:3000/crypto/sign");
    var client = new Client(url, System.getenv().getOrDefault("SIGNRELAY_KEY", ""));
    try {
      System.out.println(client.ask(args[0]));
    } catch (NoSignatureException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static final class NoSignatureException extends Exception {
    private static final long serialVersionUID = 1L;

    NoSignatureException(String message) {
      super(message);
    }
  }

  private String ask(String message) throws NoSignatureException, InterruptedException {
    HttpRequest request =
        to(url)
            .header("Content-Type", "application/json")
            .header("Prefer", "respond-async")
            // The same in each repetition, so that no repetition makes a second job.
            .header("Idempotency-Key", "\"" + UUID.randomUUID() + "\"")
            .POST(
                BodyPublishers.ofString(
                    "{\"message\":\"%s\",\"valid_for\":%d}"
                        .formatted(escaped(message), VALID_FOR.toSeconds())))
            .build();
    HttpResponse<String> answer = send(request);
    String result = answer.headers().firstValue("X-Sign-Status").orElse("");
    return switch (answer.statusCode()) {
      case 202 -> poll(url.resolve(answer.headers().firstValue("Location").orElseThrow()));
      case 200 ->
          member("data", answer)
              .orElseThrow(() -> new NoSignatureException("No signature: " + result));
      default -> throw new NoSignatureException(answer.statusCode() + ": " + answer.body());
    };
  }

  private String poll(URI location) throws NoSignatureException, InterruptedException {
    while (true) {
      HttpResponse<String> answer = send(to(location).build());
      if (answer.statusCode() != 200) {
        throw new NoSignatureException("The job is unknown: " + answer.statusCode());
      }
      long wait = seconds(answer);
      if (wait == 0) { // the job is over
        return member("signature", answer)
            .orElseThrow(() -> new NoSignatureException("No signature: " + answer.body()));
      }
      System.err.printf("%s: next look in %d s%n", member("status", answer).orElse(""), wait);
      Thread.sleep(Duration.ofSeconds(wait));
    }
  }

  private HttpRequest.Builder to(URI target) {
    HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(TIMEOUT);
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  /** Returns the response to a request that may be repeated. */
  private HttpResponse<String> send(HttpRequest request)
      throws NoSignatureException, InterruptedException {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      long wait = Math.min(1L << (attempt - 1), 30);
      String reason;
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (!TRY_AGAIN.contains(response.statusCode())) {
          return response;
        }
        reason = "status " + response.statusCode();
        wait = seconds(response) == 0 ? wait : seconds(response);
      } catch (IOException e) {
        reason = e.toString();
      }
      System.err.printf("%s: next request in %d s%n", reason, wait);
      Thread.sleep(Duration.ofSeconds(wait));
    }
    throw new NoSignatureException("No answer after " + TRIES + " requests");
  }

  /** Reads Retry-After; 0 if there is none. */
  private static long seconds(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,9}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  /** The characters of a JSON string. The JDK has no JSON library; use one if you have it. */
  private static String escaped(String text) {
    return Pattern.compile("[\"\\\\\\x00-\\x1f]")
        .matcher(text)
        .replaceAll(special -> "\\\\u" + HexFormat.of().toHexDigits(special.group().charAt(0)));
  }

  /** The first member of this name that is a string. A name in a string would have escapes. */
  private static Optional<String> member(String name, HttpResponse<String> response) {
    Matcher member =
        Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*+)\"").matcher(response.body());
    return member.find() ? Optional.of(unescaped(member.group(1))) : Optional.empty();
  }

  private static String unescaped(String text) {
    return Pattern.compile("\\\\(?:u(\\p{XDigit}{4})|(.))")
        .matcher(text)
        .replaceAll(
            escape -> {
              String hexadecimal = escape.group(1);
              return Matcher.quoteReplacement(
                  hexadecimal == null
                      ? ("\\" + escape.group(2)).replace("\\/", "/").translateEscapes()
                      : Character.toString(Integer.parseInt(hexadecimal, 16)));
            });
  }
}
