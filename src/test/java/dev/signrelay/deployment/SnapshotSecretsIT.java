package dev.signrelay.deployment;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.json.Json;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.testing.FakeSecretsManager;
import dev.signrelay.testing.HeapDump;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.PackagedFunctions;
import dev.signrelay.testing.lambda.RecordingBackends;
import dev.signrelay.testing.lambda.RuntimeApi;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Heap dumps of the packaged functions, run by Lambda's runtime client: the snapshot holds no
 * secret and no credentials, and each process holds only those of its function. Their output is in
 * {@code target/lambda}.
 */
@EnabledIf(
    value = "dev.signrelay.testing.lambda.RuntimeClient#runsHere",
    disabledReason = "Lambda's client requires Linux with glibc, on x86-64 or arm64")
@Order(4)
final class SnapshotSecretsIT {

  private static final String UPSTREAM_KEY = "SerinusUpstreamKey41";
  private static final String CLIENT_KEY = "SerinusClientKey42";
  private static final String OTHER_CLIENT_KEY = "other-client-key-0123456789";
  private static final String CALLBACK_SECRET = "SerinusCallbackSecret430";
  private static final String CREDENTIALS = RuntimeApi.SECRET_KEY;

  /**
   * A process that has just started may read a secret, or use it, too late for an invocation, and
   * then does so in a later one. It reads again after a second.
   */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path folder;
  @AutoClose private final FakeSecretsManager secrets = new FakeSecretsManager();
  @AutoClose private final RecordingBackends backends = new RecordingBackends();
  private final PackagedFunctions functions = new PackagedFunctions(backends);

  SnapshotSecretsIT() throws IOException {}

  @BeforeEach
  void storeSecrets() {
    secrets.put(FakeSecretsManager.arn("upstream"), UPSTREAM_KEY);
    secrets.put(FakeSecretsManager.arn("clients"), CLIENT_KEY + " " + OTHER_CLIENT_KEY);
    secrets.put(FakeSecretsManager.arn("callback"), "whsec_" + base64(CALLBACK_SECRET));
  }

  @Test
  void signFunctionsSnapshotHoldsNoSecretAndItsProcessHoldsItsOwn() throws Exception {
    byte[] event =
        json(
            Map.of(
                "rawQueryString",
                "message=hello",
                "headers",
                Map.of("x-api-key", OTHER_CLIENT_KEY)));

    requireOwnSecrets(
        "SignFunction",
        Map.of("CLIENT_API_KEYS_ARN", "clients"),
        process -> process.invoke(() -> event).reply().text().contains("\"signed\""),
        List.of(UPSTREAM_KEY, CLIENT_KEY));
  }

  @Night
  @Test
  void retryFunctionsSnapshotHoldsNoSecretAndItsProcessHoldsItsOwn() throws Exception {
    requireOwnSecrets(
        "RetryFunction",
        Map.of("CALLBACK_SIGNING_SECRET_ARN", "callback"),
        process -> {
          process.invoke(this::batch);
          return isCalled() && !backends.receiver().getAllServeEvents().isEmpty();
        },
        List.of(UPSTREAM_KEY, CALLBACK_SECRET));

    backends
        .receiver()
        .verify(
            postRequestedFor(urlEqualTo("/inbox"))
                .withHeader("webhook-signature", matching("v1,.+")));
  }

  @Night
  @Test
  void dispatchFunctionsSnapshotHoldsNoSecretAndItsProcessHoldsItsOwn() throws Exception {
    backends.joinLine(job());

    requireOwnSecrets(
        "DispatchFunction",
        Map.of(),
        process -> {
          process.invoke(() -> json(Map.of()));
          return isCalled();
        },
        List.of(UPSTREAM_KEY));
  }

  /** An invocation, which says whether the function has used all of its secrets. */
  private interface Invocation {
    boolean invoke(FunctionProcess process) throws Exception;
  }

  /**
   * @param otherSecrets the names of the secrets beside the upstream key, by setting
   * @param own the secrets of the function
   */
  private void requireOwnSecrets(
      String function, Map<String, String> otherSecrets, Invocation invocation, List<String> own)
      throws Exception {
    try (FunctionProcess process = function(function, otherSecrets)) {
      process.api().awaitSnapshotReady();
      assertThat(secrets.reads()).isZero();
      assertThat(held(process)).isEmpty();

      process.api().restore();
      await("the use of all secrets")
          .atMost(TIMEOUT)
          .pollInSameThread()
          .until(() -> invocation.invoke(process));

      backends
          .upstream()
          .verify(
              getRequestedFor(urlPathEqualTo("/crypto/sign"))
                  .withHeader("Authorization", equalTo(UPSTREAM_KEY)));
      assertThat(held(process))
          .containsExactlyElementsOf(Stream.concat(own.stream(), Stream.of(CREDENTIALS)).toList());
      requireOneReadOfEachSecret(process, own.size());
      assertThat(process.printed()).doesNotContain("Serinus", "priming failed");
    }
  }

  /** A read that failed is repeated. */
  private void requireOneReadOfEachSecret(FunctionProcess process, int count) throws IOException {
    int failed =
        (int) process.log().stream().filter(line -> line.contains("secret not read")).count();
    assertThat(secrets.reads()).isBetween(count, count + failed);
  }

  /** The secrets that are in the heap, in any form that the functions keep. */
  private List<String> held(FunctionProcess process) throws Exception {
    Path file = folder.resolve("heap.hprof");
    HeapDump dump = HeapDump.of(process.pid(), file);
    // Shows that the file holds the heap's strings.
    assertThat(dump.contains("CRYPTO_CLIENT_API_KEY_ARN")).isTrue();
    var held = new ArrayList<String>();
    for (String secret : List.of(UPSTREAM_KEY, CLIENT_KEY, CALLBACK_SECRET, CREDENTIALS)) {
      if (dump.contains(secret) || dump.contains(base64(secret))) {
        held.add(secret);
      }
    }
    Files.delete(file);
    return held;
  }

  private FunctionProcess function(String name, Map<String, String> otherSecrets)
      throws IOException {
    var settings = new HashMap<String, String>();
    settings.put("CRYPTO_CLIENT_API_KEY", "");
    settings.put("CRYPTO_CLIENT_API_KEY_ARN", FakeSecretsManager.arn("upstream"));
    otherSecrets.forEach((key, secret) -> settings.put(key, FakeSecretsManager.arn(secret)));
    settings.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    settings.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.url().toString());
    return functions.start(name, Start.SNAP_START, settings);
  }

  private boolean isCalled() {
    return !backends.upstream().getAllServeEvents().isEmpty();
  }

  private NeedsSignature job() {
    var inbox = URI.create(backends.receiver().baseUrl() + "/inbox");
    return NeedsSignature.first(new Acceptance("job-1", inbox, Instant.now()), "hello");
  }

  /** A job to sign, and one to deliver. */
  private byte[] batch() {
    NeedsSignature job = job();
    List<Map<String, String>> records =
        List.of(
            Map.of("messageId", "1", "body", JobCodec.encode(job)),
            Map.of(
                "messageId",
                "2",
                "body",
                JobCodec.encode(job.signed("signature", job.acceptance().at()))));
    return json(Map.of("Records", records));
  }

  private static byte[] json(Map<String, ?> event) {
    return Json.writeAscii(event).getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
