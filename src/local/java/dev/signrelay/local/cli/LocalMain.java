package dev.signrelay.local.cli;

import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.local.CallbackInbox;
import dev.signrelay.local.FlakyBehaviour;
import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.console.Console;
import dev.signrelay.local.history.Histories;
import dev.signrelay.local.history.KeptHistory;
import dev.signrelay.ops.LocalPorts;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** The main class of the local run. */
final class LocalMain extends LocalOptions {

  /** Shorter than the template's, so that a user can watch retries. */
  private static final Map<String, String> LOCAL_DELAYS =
      Map.of(
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "20",
          "RETRY_GIVE_UP_AFTER_SECONDS", "0",
          "CALLBACK_MAX_DELAY_SECONDS", "20",
          "CALLBACK_GIVE_UP_AFTER_SECONDS", "0");

  static final String SIGNING_SECRET = "CALLBACK_SIGNING_SECRET";

  /** Ctrl-C frees the ports within two seconds, whatever is under way. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(1);

  static void main(String[] args) {
    System.exit(commandLine(new LocalMain()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    try {
      run();
      return 0;
    } catch (IllegalArgumentException | IllegalStateException | IOException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  private void run() throws IOException, InterruptedException {
    Map<String, String> settings = settings();
    Addresses.check(bind, portOptions());
    System.out.println("Starting the queues, the rate limit table and the functions ...");
    var log = new ReadableLog(System.out, Ansi.AUTO);
    var console = new Console(new SystemTime(), histories());
    var behaviour =
        new FlakyBehaviour(
            Duration.ofSeconds(failingSeconds), RandomGenerator.getDefault(), new SystemTime());
    var summary = new Summary(quiet ? _ -> {} : log);
    var setup = new LocalSystem.Setup(bind, ports(), settings, behaviour, signerLimit, null, null);
    var system =
        new LocalSystem(
            setup,
            console.recording(summary),
            delivery -> {
              if (!quiet) {
                log.print(delivery.id(), arrival(delivery, verified(delivery, settings)));
              }
              console.callbackArrived(delivery, verified(delivery, settings));
            });
    var ports =
        new LocalPorts(system.queues().endpoint().getPort(), system.limits().endpoint().getPort());
    ports.write();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  ports.delete();
                  stop(system, summary);
                }));
    console.open(system, behaviour);
    System.out.print(new Banner(system, bind, keep).text());
    String last = "";
    while (true) {
      Thread.sleep(Duration.ofMinutes(1));
      String text = summary.text();
      if (!text.equals(last)) {
        log.print("", "so far: " + text);
        last = text;
      }
    }
  }

  /** The jobs of former runs, if they were kept in a file, and of this run. */
  private Histories histories() throws IOException {
    if (keep == null) {
      return new Histories(new SystemTime(), _ -> {});
    }
    KeptHistory kept = KeptHistory.open(keep, System.err::println);
    var histories = new Histories(new SystemTime(), kept::append);
    kept.loadInto(histories);
    return histories;
  }

  /**
   * Ends the process at once, because steps that wait for an upstream or a receiver take longer.
   */
  private static void stop(LocalSystem system, Summary summary) {
    try {
      Thread closing = Thread.ofPlatform().daemon().start(system::close);
      closing.join(LONGEST_STOP);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    String text = summary.text();
    System.out.printf(
        "%nStopped. The ports are free; the queues were in memory.%s%n",
        text.isEmpty() ? "" : " In all: " + text + ".");
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static String arrival(CallbackInbox.Delivery delivery, @Nullable Boolean verified) {
    return "callback arrived: answered %d%s"
        .formatted(
            delivery.status(),
            verified == null ? "" : ", webhook-signature is " + (verified ? "valid" : "INVALID"));
  }

  /** Whether the signatures are valid; null if no secrets are configured. */
  private static @Nullable Boolean verified(
      CallbackInbox.Delivery delivery, Map<String, String> settings) {
    String secrets = settings.getOrDefault(SIGNING_SECRET, "").strip();
    if (secrets.isEmpty()) {
      return null;
    }
    boolean perHost = Boolean.parseBoolean(settings.get("CALLBACK_SECRET_PER_HOST"));
    List<String> expected =
        perHost
            ? CallbackSigningKeys.parse(secrets)
                .orElse(CallbackSigningKeys.NONE)
                .textsFor(delivery.headers().getOrDefault("Host", ""))
            : List.of(secrets.split("\\s+"));
    return expected.stream().allMatch(delivery::isSignedWith);
  }

  private Map<String, String> settings() throws IOException {
    var defaults = new HashMap<>(LOCAL_DELAYS);
    defaults.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Integer.toString(signerLimit));
    defaults.put(SIGNING_SECRET, LocalEnvironment.DEMO_CALLBACK_SECRET);
    LocalSettings.warnings(System.getenv()).forEach(System.err::println);
    return LocalSettings.merged(defaults, LocalSettings.read(Path.of(".env")), System.getenv());
  }
}
