package dev.signrelay.ops;

import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.secret.SecretsManager;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

@Command(
    name = "secret",
    description = {
      "Prints the secret of one receiver, with CALLBACK_SECRET_PER_HOST.",
      "Reads CALLBACK_SIGNING_SECRET from the stack's secret, or without a stack from standard input."
    })
final class SecretCommand implements Callable<Integer> {

  private static final Pattern HOST =
      Pattern.compile("[a-z0-9._-]+(:\\d{1,5})?|\\[[0-9a-f:.]+](:\\d{1,5})?");

  private static final int KEY_BYTES = 32;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @ParentCommand private Ops ops;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "HOST",
      description = "of the callback URL, with its port unless that is 443")
  private @Nullable String host;

  @Override
  public Integer call() {
    String receiver = host == null ? "" : host.toLowerCase(Locale.ROOT).replaceFirst(":443$", "");
    if (!HOST.matcher(receiver).matches()) {
      throw new ParameterException(
          spec.commandLine(), "HOST must be a host without a scheme, like receiver.example.com");
    }
    List<String> secrets =
        CallbackSigningKeys.parse(master())
            .orElseThrow(
                () ->
                    new OpsException(
                        "The secret%s must be %s"
                            .formatted(
                                ops.stack() == null ? " on standard input" : "",
                                CallbackSigningKeys.RULE)))
            .textsFor(receiver);
    if (ops.json()) {
      ops.printJson(Map.of("secrets", secrets));
    } else {
      secrets.forEach(ops.out()::println);
    }
    return 0;
  }

  private String master() {
    if (ops.stack() == null) {
      try {
        return new String(ops.input().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    String arn = ops.deployment().parameters().getOrDefault("CallbackSigningSecret", "");
    if (arn.isEmpty()) {
      throw new OpsException("The stack's parameter CallbackSigningSecret is empty");
    }
    try (SecretsManagerClient client = ops.clients().secretsManagerClient()) {
      return new SecretsManager(() -> client, new SystemTime()).read(arn, TIMEOUT);
    }
  }

  @Command(
      name = "new",
      description = "Prints a new private key for all callbacks, and its public key.")
  int newKey() {
    byte[] seed = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(seed);
    String publicKey = publicKey(seed);
    byte[] publicBytes = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
    String privateKey =
        privateText(ByteBuffer.allocate(2 * KEY_BYTES).put(seed).put(publicBytes).array());
    if (ops.json()) {
      ops.printJson(Map.of("privateKey", privateKey, "publicKey", publicKey));
    } else {
      ops.out().println("private, for Secrets Manager: " + privateKey);
      ops.out().println("public, for CallbackPublicKey: " + publicKey);
    }
    return 0;
  }

  private static String publicKey(byte[] seed) {
    return CallbackSigningKeys.parsePrivate(privateText(seed), List.of())
        .orElseThrow()
        .publicKeys()
        .getFirst();
  }

  private static String privateText(byte[] key) {
    return "whsk_" + Base64.getEncoder().encodeToString(key);
  }
}
