package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.signrelay.ops.OpsRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signatures of callbacks, verified by others than the Java library: the JavaScript library of
 * Standard Webhooks, OpenSSL, and the command that operators use. Skipped without npm or OpenSSL.
 */
final class CallbackVerifiersIT {

  private static final String MASTER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String PRIVATE = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
  private static final String RECEIVER = "shop.example:8443";
  private static final String BODY = "{\"success\":true,\"data\":\"größe 🔑\"}";

  private static final String VERIFY =
      """
      import { Webhook } from "standardwebhooks";
      const [secret, timestamp, signature, body] = process.argv.slice(2);
      new Webhook(secret).verify(body, {
        "webhook-id": "job-1", "webhook-timestamp": timestamp, "webhook-signature": signature,
      });
      console.log("verified");
      """;

  @TempDir private Path folder;

  @Test
  void theJavaScriptLibraryVerifiesWithTheSecretThatTheCommandPrints() throws Exception {
    Path verifier = folder.resolve("verify.mjs");
    Files.writeString(verifier, VERIFY);
    assumeThat(
            isInstalled(
                "npm",
                "install",
                "--silent",
                "--no-audit",
                "--prefix",
                folder.toString(),
                "standardwebhooks@1.1.1"))
        .as("npm can install the library")
        .isTrue();
    String timestamp = Long.toString(Instant.now().getEpochSecond());
    String signatures =
        shared().of(RECEIVER).and(privateKeys()).sign("job-1", timestamp, body()).orElseThrow();

    Result good = node(verifier, secret(RECEIVER), timestamp, signatures, BODY);
    Result otherBody = node(verifier, secret(RECEIVER), timestamp, signatures, BODY + " ");
    Result otherHost = node(verifier, secret("evil.example"), timestamp, signatures, BODY);

    assertThat(good.output()).isEqualTo("verified\n");
    assertThat(otherBody.status()).isNotZero();
    assertThat(otherHost.status()).isNotZero();
  }

  @Test
  void openSslVerifiesTheSignatureOfThePrivateKeyThatTheCommandMakes() throws Exception {
    assumeThat(isInstalled("openssl", "version")).as("OpenSSL is installed").isTrue();
    List<String> made = command("", "secret", "new").output().lines().toList();
    String privateKey = made.getFirst().substring(made.getFirst().indexOf("whsk_"));
    String publicKey = made.getLast().substring(made.getLast().indexOf("whpk_"));
    String signature =
        WebhookSecrets.parsePrivate(privateKey, PublicKeys.parse(publicKey))
            .orElseThrow()
            .sign("job-1", "1795428000", body())
            .orElseThrow();
    Path text = folder.resolve("text");
    Files.writeString(text, "job-1.1795428000." + BODY);

    assertThat(verifyWithOpenSsl(publicKey, signature, text).status()).isZero();

    Files.writeString(text, "job-2.1795428000." + BODY);
    assertThat(verifyWithOpenSsl(publicKey, signature, text).status()).isNotZero();
  }

  @Test
  void theCommandPrintsASecretForEachMasterOfARotation() throws Exception {
    String other = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

    assertThat(command(MASTER + "\n" + other + "\n", "secret", "Shop.Example:443").output())
        .isEqualTo(
            command(MASTER, "secret", "shop.example").output()
                + command(other, "secret", "shop.example").output());
  }

  @Test
  void aWrongUseOfTheCommandIsExplained() throws Exception {
    assertThat(command("", "secret").status()).isEqualTo(2);
    assertThat(command("the wrong secret", "secret", RECEIVER).status()).isEqualTo(1);
  }

  private Result verifyWithOpenSsl(String publicKey, String signature, Path text) throws Exception {
    Path key = folder.resolve("key.pem");
    Files.writeString(
        key,
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA%s\n-----END PUBLIC KEY-----\n"
            .formatted(publicKey.substring("whpk_".length())));
    Path binary = folder.resolve("signature");
    Files.write(binary, Base64.getDecoder().decode(signature.substring("v1a,".length())));
    return run(
        "",
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-rawin",
        "-inkey",
        key.toString(),
        "-sigfile",
        binary.toString(),
        "-in",
        text.toString());
  }

  private static String secret(String receiver) throws Exception {
    return command(MASTER, "secret", receiver).output().strip();
  }

  private static Result command(String input, String... arguments) {
    OpsRun run = OpsRun.of(input, arguments);
    return new Result(run.status(), run.output());
  }

  private Result node(Path script, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("node", script.toString()));
    command.addAll(List.of(arguments));
    return run("", command.toArray(String[]::new));
  }

  private static boolean isInstalled(String... command) throws InterruptedException {
    try {
      return run("", command).status() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * What a process printed to standard output.
   *
   * @param status 0: it succeeded
   */
  private record Result(int status, String output) {}

  private static Result run(String input, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It ended without reading.
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  private static byte[] body() {
    return BODY.getBytes(StandardCharsets.UTF_8);
  }

  private static WebhookSecrets shared() {
    return WebhookSecrets.parse(MASTER).orElseThrow();
  }

  private static WebhookSecrets privateKeys() {
    return WebhookSecrets.parsePrivate(PRIVATE, PublicKeys.NONE).orElseThrow();
  }
}
