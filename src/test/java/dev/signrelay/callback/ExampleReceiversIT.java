package dev.signrelay.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.signrelay.callback.ExampleReceiver.Language;
import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.json.ResultBody;
import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.testing.FixedCallbackKeys;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.TestDestinations;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The receivers of {@code examples/}, as processes, process the callbacks of SignRelay and refuse
 * forged ones.
 */
@ParameterizedClass
@EnumSource(Language.class)
@Timeout(120)
final class ExampleReceiversIT {

  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW = "whsec_bmV3LXNlY3JldC1vZi0yNC1ieXRlcyEh";
  private static final String UNKNOWN = "whsec_c3RyYW5nZS1zZWNyZXQtb2YtMjYtYnl0ZXM=";

  private static final Duration AMPLE = Duration.ofSeconds(60);
  private static final int MORE_THAN_ANY_CALLBACK = 128 * 1024 + 1;

  private static final Delivered ACCEPTED = new Delivered("http-204");
  private static final Undelivered REFUSED = new Undelivered("http-401", null);
  private static final Undelivered UNKNOWN_ID = new Undelivered("http-404", null);

  private static final HttpTransport HTTP =
      new HttpTransport(
          HttpClients.create(Network.ofSystem(), _ -> true, "SignRelay/1.2.3"), new SystemTime());

  private static ExampleReceiver receiver;
  private final String job = UUID.randomUUID().toString();

  @Parameter Language language;

  @BeforeParameterizedClassInvocation
  static void start(Language language) throws IOException {
    receiver = new ExampleReceiver(language, OLD, 0);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    receiver.close();
  }

  @BeforeEach
  void requestSignature() throws IOException {
    assumeThat(receiver).as("%s", language).matches(ExampleReceiver::isInstalled, "is installed");
    receiver.request(job);
  }

  @Test
  void aCallbackThatIsReceivedTwiceIsProcessedOnce() throws Exception {
    assertThat(deliver(OLD, "größe \"🔑\"\n")).isEqualTo(ACCEPTED);
    assertThat(deliver(OLD, "größe \"🔑\"\n")).isEqualTo(ACCEPTED);

    assertThat(results()).containsExactly("signed", "duplicate");
    assertThat(receiver.result(job)).isEqualTo("größe \"🔑\"\n");
  }

  @Night
  @Test
  void ofManyConcurrentDuplicatesOneIsProcessed() throws Exception {
    Callable<DeliveryOutcome> delivery = () -> deliver(OLD, "signature");
    try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var delivered : together.invokeAll(Stream.generate(() -> delivery).limit(20).toList())) {
        assertThat(delivered.get()).isEqualTo(ACCEPTED);
      }
    }

    assertThat(results()).hasSize(20).containsOnlyOnce("signed");
  }

  @Night
  @Test
  void aRestartedReceiverRecognizesDuplicates() throws Exception {
    deliver(OLD, "signature");
    receiver.killAndRestart();

    assertThat(deliver(OLD, "signature")).isEqualTo(ACCEPTED);
    assertThat(results()).containsExactly("duplicate");
    assertThat(receiver.result(job)).isEqualTo("signature");
  }

  @Night
  @ParameterizedTest
  @ValueSource(strings = {NEW + " " + OLD, OLD + " " + NEW, UNKNOWN + " " + NEW + " " + OLD})
  void duringARotationOneValidSignatureIsEnough(String secrets) {
    assertThat(deliver(secrets, "signature")).isEqualTo(ACCEPTED);
    assertThat(results()).containsExactly("signed");
  }

  @Night
  @Test
  void aCallbackWithoutAValidSignatureIsRefused() {
    assertThat(deliver(UNKNOWN + " " + NEW, "signature")).isEqualTo(REFUSED);
    assertThat(results()).isEmpty();
  }

  /** As one that another client of SignRelay got and relays. */
  @Night
  @Test
  void aGenuineCallbackThatWasNotRequestedIsRefusedUntilItIs() throws Exception {
    String other = UUID.randomUUID().toString();

    assertThat(deliver(OLD, Instant.now(), other, "signature")).isEqualTo(UNKNOWN_ID);
    assertThat(receiver.printed()).contains(other + ": not requested");

    receiver.request(other);
    assertThat(deliver(OLD, Instant.now(), other, "signature")).isEqualTo(ACCEPTED);
    assertThat(receiver.result(other)).isEqualTo("signature");
  }

  @Night
  @Test
  void withoutASecretItIsTheDemoSecretOfTheLocalRun() throws Exception {
    try (var other = new ExampleReceiver(language, null, 0)) {
      other.request(job);
      assertThat(other.printed().getFirst()).contains("demo secret", "local run only");
      assertThat(
              sender(LocalEnvironment.DEMO_CALLBACK_SECRET, Instant.now())
                  .deliver(other.url(), job, "signature", AMPLE))
          .isEqualTo(ACCEPTED);
    }
  }

  @Night
  @ParameterizedTest
  @CsvSource({"-400, false", "-200, true", "200, true", "400, false"})
  void aTimestampMayDifferByFiveMinutes(int seconds, boolean isAccepted) {
    Instant then = Instant.now().plusSeconds(seconds);
    assertThat(deliver(OLD, then, job, "signature")).isEqualTo(isAccepted ? ACCEPTED : REFUSED);
  }

  @Night
  @Test
  void aFailureNoticeIsStoredAndASignatureMayStillFollow() throws Exception {
    assertThat(notifyFailure()).isEqualTo(ACCEPTED);
    assertThat(notifyFailure()).isEqualTo(ACCEPTED);
    assertThat(receiver.result(job)).isNull();

    assertThat(deliver(OLD, "signature")).isEqualTo(ACCEPTED);
    assertThat(receiver.result(job)).isEqualTo("signature");
    assertThat(results()).containsExactly("failed", "duplicate", "signed");
  }

  @Night
  @Test
  void aFailureNoticeDoesNotReplaceASignature() throws Exception {
    deliver(OLD, "signature");

    assertThat(notifyFailure()).isEqualTo(ACCEPTED);
    assertThat(receiver.result(job)).isEqualTo("signature");
  }

  @Night
  @ParameterizedTest
  @ValueSource(strings = {"", "whsec_c2hvcnQ=", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
  void aReceiverDoesNotStartWithoutAValidSecret(String secret) throws Exception {
    try (var other = new ExampleReceiver(language, secret, 0)) {
      assertThat(other.exitStatus()).isEqualTo(1);
      assertThat(other.printed()).singleElement().asString().startsWith("Set SIGNRELAY_SECRET to");
    }
  }

  @Night
  @Test
  void aPortThatIsInUseIsOneLine() throws Exception {
    int port = receiver.url().getPort();
    try (var other = new ExampleReceiver(language, OLD, port)) {
      assertThat(other.exitStatus()).isEqualTo(1);
      assertThat(other.printed())
          .singleElement()
          .asString()
          .startsWith("Port " + port)
          .containsIgnoringCase("in use");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void aMissingOrMalformedHeaderIsRefused(String header) throws IOException {
    assertRefused(genuine().without(header));
    for (String value : List.of("", " ", "é, v1,", "../../x", "-1", "1e9", "9".repeat(5_000))) {
      assertRefused(genuine().with(header, value));
    }
  }

  @Test
  void aChangedBodyHeaderOrSignatureIsRefused() throws IOException {
    Callback genuine = genuine();
    String body = new String(genuine.body, UTF_8);
    for (String changed :
        List.of(body.replace("signature", "forged it"), body + "\n", "{\"success\":false}", "")) {
      assertRefused(new Callback(genuine.headers, changed.getBytes(UTF_8)));
    }
    assertRefused(genuine.with("webhook-id", job + "-failed"));
    assertRefused(genuine.with("webhook-id", UUID.randomUUID().toString()));
    long sent = Long.parseLong(genuine.headers.get("webhook-timestamp"));
    assertRefused(genuine.with("webhook-timestamp", Long.toString(sent - 1)));
    assertRefused(genuine.with("webhook-timestamp", "0" + sent));
    String signature = genuine.headers.get("webhook-signature");
    for (String changed :
        List.of(
            signature.substring(0, signature.length() - 1),
            signature + "=",
            signature.substring("v1,".length()),
            signature.replace("v1,", "v1a,"),
            "v1,")) {
      assertRefused(genuine.with("webhook-signature", changed));
    }

    // The others were refused because of their changes.
    assertThat(send(genuine)).isEqualTo(204);
    assertThat(results()).containsExactly("signed");
  }

  @Test
  void aBodyLongerThanAnyCallbackIsRefused() throws IOException {
    var flood = new Callback(genuine().headers, new byte[MORE_THAN_ANY_CALLBACK]);

    assertThat(send(flood)).isEqualTo(413);
  }

  private void assertRefused(Callback forged) throws IOException {
    assertThat(send(forged)).as("%s", forged).isEqualTo(401);
    assertThat(results()).isEmpty();
  }

  private static int send(Callback callback) throws IOException {
    return receiver.post(callback.headers, callback.body);
  }

  private Callback genuine() {
    String now = Long.toString(Instant.now().getEpochSecond());
    byte[] body = ResultBody.success("signature").getBytes(UTF_8);
    String signature = secrets(OLD).sign(job, now, body).orElseThrow();
    return new Callback(
        Map.of("webhook-id", job, "webhook-timestamp", now, "webhook-signature", signature), body);
  }

  private record Callback(Map<String, String> headers, byte[] body) {

    Callback with(String header, String value) {
      var changed = new TreeMap<>(headers);
      changed.put(header, value);
      return new Callback(changed, body);
    }

    Callback without(String header) {
      var changed = new TreeMap<>(headers);
      changed.remove(header);
      return new Callback(changed, body);
    }
  }

  private DeliveryOutcome notifyFailure() {
    return sender(OLD, Instant.now())
        .notifyFailure(receiver.url(), job, "signing-exhausted", AMPLE);
  }

  private DeliveryOutcome deliver(String secrets, String signature) {
    return deliver(secrets, Instant.now(), job, signature);
  }

  private static DeliveryOutcome deliver(String secrets, Instant now, String id, String signature) {
    return sender(secrets, now).deliver(receiver.url(), id, signature, AMPLE);
  }

  private static HttpCallbackSender sender(String secrets, Instant now) {
    return FixedCallbackKeys.sender(
        TestDestinations.PRIVATE_TOO, HTTP, InstantSource.fixed(now), secrets(secrets));
  }

  private static CallbackSigningKeys secrets(String secrets) {
    return CallbackSigningKeys.parse(secrets).orElseThrow();
  }

  /** What the receiver printed about the callbacks of this job. */
  private Stream<String> results() {
    return receiver.printed().stream()
        .filter(line -> line.startsWith(job))
        .map(line -> line.substring(line.indexOf(": ") + 2))
        .filter(result -> !result.equals("queued"));
  }
}
