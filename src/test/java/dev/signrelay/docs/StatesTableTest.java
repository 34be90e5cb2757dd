package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.testing.SignCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of states in docs/callers.md has the words of all parts, and they have no others. */
final class StatesTableTest {

  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| ([a-z, ]+) \\|.*");
  private static final Pattern FILTERS = Pattern.compile("const (?:STATES|RARE) = \\[\"(.*)\"];");

  /** What a job of a former local run is, whose queues were in memory. */
  private static final String ONLY_IN_THE_CONSOLE = "lost";

  @Test
  void theStatesOfJobsAreThoseOfTheirRecords() throws IOException {
    Set<String> records =
        Stream.of(JobStatus.values())
            .filter(status -> status != JobStatus.ANSWERING)
            .map(JobStatus::code)
            .collect(Collectors.toSet());

    assertThat(states(of -> of.contains("jobs"))).isEqualTo(records);
  }

  @Test
  void theStatesOfRequestsAreThoseOfTheirAnswers() throws IOException {
    Set<String> answers =
        Stream.of(SignCase.values())
            .map(request -> request.answer().getHeaders().get("X-Sign-Status"))
            .collect(Collectors.toCollection(TreeSet::new));
    answers.add("refused");

    assertThat(states(of -> of.contains("requests"))).isEqualTo(answers);
  }

  @Test
  void theConsoleFiltersByTheseStates() throws IOException {
    Path script = Path.of("src/local/resources/dev/signrelay/local/console/list.js");
    Set<String> filters =
        FILTERS
            .matcher(Files.readString(script))
            .results()
            .flatMap(found -> Stream.of(found.group(1).split("\", \"")))
            .collect(Collectors.toCollection(TreeSet::new));

    Set<String> states = states(_ -> true);
    states.remove("queued"); // Its job is waiting.
    states.addAll(Set.of("all", ONLY_IN_THE_CONSOLE));
    assertThat(filters).isEqualTo(states);
  }

  @Test
  void theConsoleExplainsEveryReasonOfADeadLetter() throws IOException {
    String script =
        Files.readString(Path.of("src/local/resources/dev/signrelay/local/console/steps.js"));

    assertThat(DeadLetterReason.Kind.values())
        .extracting(DeadLetterReason.Kind::code)
        .allMatch(code -> script.matches("(?s).*\n  \"?%s\"?: \".*".formatted(code)));
  }

  private static Set<String> states(Predicate<String> of) throws IOException {
    return Files.readString(Path.of("docs/callers.md"))
        .lines()
        .dropWhile(line -> !line.equals("## States"))
        .takeWhile(line -> !line.startsWith("## Match"))
        .map(ROW::matcher)
        .filter(row -> row.matches() && of.test(row.group(2)))
        .map(row -> row.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
