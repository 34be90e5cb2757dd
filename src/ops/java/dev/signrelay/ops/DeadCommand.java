package dev.signrelay.ops;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.json.Json;
import dev.signrelay.ops.DeadLetterQueue.Fate;
import dev.signrelay.time.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.sqs.SqsClient;

@Command(name = "dead", description = "Dead letters: list, show, redrive, purge")
final class DeadCommand {

  private static final List<String> REASONS =
      Stream.concat(
              Stream.of(DeadLetterReason.Kind.values()).map(DeadLetterReason.Kind::code),
              Stream.of(DeadLetter.MOVED_BY_SQS))
          .toList();

  private static final Predicate<DeadLetter> ALL = _ -> true;

  @ParentCommand private Ops ops;

  @Spec private CommandSpec spec;

  @Command(name = "list", description = "Lists dead letters. For up to 30 s nobody else sees them.")
  int list(
      @Option(names = "--reason", paramLabel = "R", description = "only those with it")
          @Nullable String reason) {
    List<DeadLetter> found = look(withReason(reason));
    if (ops.json()) {
      ops.printJson(Map.of("deadLetters", found.stream().map(f -> f.summary(ops::text)).toList()));
    } else {
      print(found);
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows all of a dead letter, with its message or signature.")
  int show(
      @Parameters(
              paramLabel = "ID",
              description = "of job or message; its first 8 characters or more suffice")
          String id) {
    List<Map<String, Object>> found = withPrefix(id).stream().map(this::whole).toList();
    if (ops.json()) {
      ops.printJson(Map.of("deadLetters", found));
    } else {
      found.forEach(ops::print);
    }
    return 0;
  }

  /** The dead letters of one job. */
  private List<DeadLetter> withPrefix(String id) {
    List<DeadLetter> found =
        look(l -> l.hasId(id) || id.length() >= Ops.SHORT_ID && l.hasIdThatBeginsWith(id));
    List<DeadLetter> exact = found.stream().filter(letter -> letter.hasId(id)).toList();
    if (!exact.isEmpty()) {
      return exact;
    }
    requireFound(found.isEmpty() ? List.of(id) : List.of(), found);
    if (found.stream().map(DeadLetter::shownId).distinct().count() > 1) {
      throw new OpsException("Several dead letters have an id that begins with " + id);
    }
    return found;
  }

  private Map<String, Object> whole(DeadLetter letter) {
    var whole = new LinkedHashMap<>(letter.summary(ops::text));
    try {
      whole.put("body", Json.readObject(letter.body()));
    } catch (Json.MalformedJsonException _) {
      whole.put("body", letter.body());
    }
    return whole;
  }

  @Command(
      name = "redrive",
      description = {
        "Moves dead letters to the retry queue: those with an id, those with a reason, or all.",
        "Each is stored there before it is deleted here. Ctrl-C ends it at any time.",
        "What has expired is left, and so is what comes back or arrives during the run."
      })
  int redrive(
      @Parameters(arity = "0..*", paramLabel = "ID", description = "of jobs or messages")
          @Nullable List<String> ids,
      @Option(names = "--reason", paramLabel = "R", description = "only those with it")
          @Nullable String reason,
      @Option(
              names = "--rate",
              paramLabel = "N",
              defaultValue = "1",
              description = "per second; default: 1")
          int rate,
      @Option(names = "--dry-run", description = "only says which") boolean dryRun) {
    if (rate < 1 || rate > 1_000) {
      throw new ParameterException(
          spec.subcommands().get("redrive"), "--rate must be from 1 to 1,000");
    }
    List<String> wanted = ids == null ? List.of() : ids;
    var pace = new Pace(new SystemTime(), Duration.ofSeconds(1).dividedBy(rate));
    Map<Fate, List<DeadLetter>> run =
        withQueue(
            queue ->
                queue.redrive(
                    withReason(reason).and(withId(wanted)),
                    Instant.now(),
                    letter -> {
                      if (!dryRun) {
                        pace.await();
                      }
                      say((dryRun ? "would redrive " : "redriving ") + letter.jobId());
                      return !dryRun;
                    }));
    run.forEach(
        (fate, letters) -> {
          if (fate != Fate.REDRIVEN && !letters.isEmpty()) {
            ops.err().println(letters.size() + " left: " + fate.why());
          }
        });
    report(dryRun ? "wouldRedrive" : "redriven", run.get(Fate.REDRIVEN));
    requireFound(wanted, run.values().stream().flatMap(List::stream).toList());
    return 0;
  }

  private static Predicate<DeadLetter> withId(List<String> wanted) {
    return letter -> wanted.isEmpty() || wanted.stream().anyMatch(letter::hasId);
  }

  @Command(
      name = "purge",
      description = "Deletes dead letters: with an id, with a reason, or all. It cannot be undone.")
  int purge(
      @Parameters(arity = "0..*", paramLabel = "ID", description = "of jobs or messages")
          @Nullable List<String> ids,
      @Option(names = "--reason", paramLabel = "R", description = "only those with it")
          @Nullable String reason,
      @Option(names = "--dry-run", description = "only says which") boolean dryRun,
      @Option(names = "--yes", description = "does not ask") boolean yes) {
    List<String> wanted = ids == null ? List.of() : ids;
    List<DeadLetter> found = look(withReason(reason).and(withId(wanted)));
    requireFound(wanted, found);
    String what = Texts.count(found.size(), "dead letter", "dead letters");
    if (!dryRun && !found.isEmpty()) {
      if (!yes && !confirmed("Delete " + what + " for ever? Type yes: ")) {
        throw new OpsException("Nothing was deleted. Without a terminal, --yes is needed");
      }
      withQueue(
          queue -> {
            queue.forEach(
                letter -> {
                  boolean chosen = found.stream().anyMatch(f -> letter.hasId(f.messageId()));
                  if (chosen) {
                    queue.delete(letter);
                  }
                  return chosen;
                });
            return found;
          });
    }
    report(dryRun ? "wouldDelete" : "deleted", found);
    return 0;
  }

  private Predicate<DeadLetter> withReason(@Nullable String reason) {
    if (reason != null && !REASONS.contains(reason)) {
      throw new ParameterException(
          spec.commandLine(), "--reason must be one of " + String.join(", ", REASONS));
    }
    return reason == null ? ALL : letter -> letter.reason().equals(reason);
  }

  private List<DeadLetter> look(Predicate<DeadLetter> selected) {
    return withQueue(
        queue -> {
          var found = new ArrayList<DeadLetter>();
          queue.forEach(
              letter -> {
                if (selected.test(letter)) {
                  found.add(letter);
                }
                return false;
              });
          return found;
        });
  }

  private <T> T withQueue(Function<DeadLetterQueue, T> task) {
    Deployment deployment = ops.deployment();
    try (SqsClient sqs = ops.clients().sqsClient()) {
      return task.apply(
          new DeadLetterQueue(sqs, deployment.deadLetterQueue(), deployment.retryQueue()));
    }
  }

  private void print(List<DeadLetter> letters) {
    if (!letters.isEmpty()) {
      var rows = new ArrayList<List<String>>();
      rows.add(List.of("JOB", "REASON", "LAST OUTCOME", "ATTEMPTS", "SENT AT"));
      letters.forEach(
          letter ->
              rows.add(
                  List.of(
                      letter.shownId(),
                      letter.reason(),
                      letter.lastOutcome(),
                      letter.attempts() == null ? "" : letter.attempts().toString(),
                      Texts.time(letter.sentAt()))));
      Texts.table(rows).forEach(ops.out()::println);
    }
    ops.out().println(Texts.count(letters.size(), "dead letter", "dead letters"));
  }

  /** In text, each job has been named before. */
  private void report(String did, List<DeadLetter> letters) {
    if (ops.json()) {
      ops.printJson(Map.of(did, letters.stream().map(DeadLetter::jobId).toList()));
    } else {
      String words = did.startsWith("would") ? did.replaceAll("(?=[A-Z])", " ") : did;
      ops.out().println(words.toLowerCase(Locale.ROOT) + ": " + letters.size());
    }
  }

  private void say(String line) {
    if (!ops.json()) {
      ops.out().println(line);
      ops.out().flush();
    }
  }

  private static void requireFound(List<String> ids, List<DeadLetter> found) {
    List<String> missing =
        ids.stream().filter(id -> found.stream().noneMatch(letter -> letter.hasId(id))).toList();
    if (!missing.isEmpty()) {
      throw new OpsException(
          "No dead letter has the whole id "
              + String.join(", ", missing)
              + " and can be received now");
    }
  }

  private boolean confirmed(String question) {
    ops.err().print(question);
    ops.err().flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(ops.input(), StandardCharsets.UTF_8)).readLine();
      return "yes".equals(answer == null ? "" : answer.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
