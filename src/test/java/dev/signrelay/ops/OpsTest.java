package dev.signrelay.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.limit.UpstreamPause.NoScheduleException;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The tool's command line, its errors and its texts. */
final class OpsTest {

  private static final Pattern COMMAND = Pattern.compile("\\./ops ([^`\\n|#>]+)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dead",
        "dead list",
        "dead list --local --stack signrelay",
        "dead list --local --reason lost",
        "dead redrive --local --rate 0",
        "dead show --local",
        "line pause --local --for 2x",
        "line pause --local --for 30s",
        "line pause --local --for 2d",
        "job --local",
        "secret",
        "secret https://receiver.example/",
        "--sqs-port many dead list",
        "dead lst --local",
      })
  void aWrongUseIsExplainedInUpToThreeLines(String arguments) {
    OpsRun run =
        OpsRun.of(
            "", Stream.of(arguments.split(" ")).filter(a -> !a.isEmpty()).toArray(String[]::new));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.errors().lines()).hasSizeBetween(2, 3);
    assertThat(run.errors()).contains("See: ./ops").doesNotContain("\tat ");
    assertThat(run.output()).isEmpty();
  }

  /** As {@code LeakIT} does beside other tests. */
  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  void anExchangeOfSystemOutTakesNoOutputAway() {
    var printed = new StringWriter();
    CommandLine ops = Ops.commandLine(InputStream.nullInputStream());
    ops.setOut(new PrintWriter(printed, true));
    PrintStream before = System.out;

    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      assertThat(ops.execute("secret", "new")).isZero();
    } finally {
      System.setOut(before);
    }

    assertThat(printed.toString()).isNotEmpty();
  }

  @Test
  void outputThatCannotBeWrittenIsAFailure() throws IOException {
    OutputStream full = OutputStream.nullOutputStream();
    full.close();

    CommandLine ops = Ops.commandLine(InputStream.nullInputStream());
    assertThat(ops.setOut(new PrintWriter(full, true)).execute("secret", "new")).isOne();
  }

  static Set<String> documentedCommands() throws IOException {
    var commands = new TreeSet<String>();
    try (var pages = Files.newDirectoryStream(Path.of("docs"), "*.md")) {
      for (Path page : pages) {
        COMMAND
            .matcher(Files.readString(page))
            .results()
            .map(found -> found.group(1).replaceAll("[\\[\\]]|\\.\\.\\.", ""))
            .forEach(command -> commands.add(command.replace(" N", " 1").strip()));
      }
    }
    return commands;
  }

  /** Brackets mark what is optional; N is a number. */
  @ParameterizedTest
  @MethodSource("documentedCommands")
  void everyCommandOfTheDocumentationExists(String arguments) {
    assertThatCode(
            () -> Ops.commandLine(InputStream.nullInputStream()).parseArgs(arguments.split(" +")))
        .doesNotThrowAnyException();
  }

  /** {@code HttpCallbackSenderTest} verifies callbacks with them. */
  @Test
  void theSecretsOfAReceiverArePrintedForEachMasterOfARotation() {
    String masters =
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_bmV3LXNlY3JldC1vZi0yNC1ieXRlcyEh";

    assertThat(OpsRun.of(masters + "\n", "secret", "Shop.Example:443").printed().lines())
        .hasSize(2)
        .containsExactlyElementsOf(
            CallbackSigningKeys.parse(masters).orElseThrow().textsFor("shop.example"));
    assertThat(OpsRun.of("the wrong secret", "secret", "shop.example").status()).isEqualTo(1);
  }

  @Test
  void aNewPrivateKeyHasItsPublicKey() {
    List<String> made = OpsRun.of("", "secret", "new").printed().lines().toList();
    String privateKey = made.getFirst().substring(made.getFirst().indexOf("whsk_"));
    String publicKey = made.getLast().substring(made.getLast().indexOf("whpk_"));

    assertThat(
            CallbackSigningKeys.parsePrivate(
                privateKey, CallbackSigningKeys.parsePublic(publicKey)))
        .isPresent();
  }

  @Test
  void aStackHasAnOutputForEachNameThatTheToolNeeds() {
    Map<String, Object> outputs = Template.map(Template.read().root().get("Outputs"));
    Map<String, String> values =
        outputs.keySet().stream().collect(Collectors.toMap(name -> name, name -> "value " + name));

    Deployment deployment = Deployment.ofStack("signrelay", values, Map.of());

    assertThat(deployment.limitTable()).isEqualTo("value RateLimitTableName");
    assertThat(deployment.jobTable()).isEqualTo("value JobTableName");
    assertThatThrownBy(() -> Deployment.ofStack("other", Map.of(), Map.of()))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("The stack other has no output RetryQueueUrl");
  }

  @Test
  void aFailureIsDescribedByWhatTheOperatorCanDo() {
    var refused =
        SqsException.builder()
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode("AccessDenied").errorMessage("no").build())
            .build();

    assertThat(Failures.describe(new IllegalStateException("task", refused)))
        .isEqualTo("AccessDenied: no");
    assertThat(
            Failures.describe(
                SdkClientException.create("x", new ConnectException("Connection refused"))))
        .startsWith("The local run does not listen");
    assertThat(Failures.describe(SdkClientException.create("Unable to load region from x\n\ny")))
        .contains("--region");
    assertThat(Failures.describe(new IllegalStateException("a ".repeat(1_000)))).hasSize(303);
    assertThat(Failures.describe(new NoScheduleException()).lines()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "90s, PT90S, 1 min 30 s",
    "45s, PT45S, 45 s",
    "60m, PT1H, 1 h",
    "26h, PT26H, 1 d 2 h"
  })
  void durationsAreReadAndWrittenInWholeUnits(String typed, Duration duration, String shown) {
    assertThat(Texts.duration(typed)).isEqualTo(duration);
    assertThat(Texts.text(duration)).isEqualTo(shown);
  }

  @Test
  void aTimeAheadIsRoundedToTheNearestSecond() {
    Instant now = Instant.parse("2026-11-23T12:00:00.300Z");

    assertThat(Texts.ahead(now.plusMillis(59_800), now))
        .isEqualTo("2026-11-23T12:01:00Z (in 1 min)");
    assertThat(Texts.text(Duration.ofSeconds(-5))).isEqualTo("0 s");
  }

  @Test
  void theCellsOfATableAreBelowEachOther() {
    assertThat(Texts.table(List.of(List.of("JOB", "REASON"), List.of("id-1", ""))))
        .containsExactly("JOB   REASON", "id-1  -");
  }
}
