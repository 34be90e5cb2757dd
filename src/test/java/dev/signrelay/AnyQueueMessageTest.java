package dev.signrelay;

import static dev.signrelay.testing.HostileText.CASES;
import static dev.signrelay.testing.HostileText.PARSED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.Job;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.json.Json;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.MalformedJobException;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.QueueBatch;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Queue messages of every kind: jobs, nearly jobs, and no jobs. */
final class AnyQueueMessageTest {

  private int turn;

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyMessageIsAJobOrSaidToBeNone(@ForAll("manyMessages") List<String> messages) {
    for (String message : messages) {
      try {
        Job job = JobCodec.decode(message);
        assertThat(JobCodec.decode(JobCodec.encode(job))).isEqualTo(job);
        assertThat(job.id()).matches(LogAssertions.VISIBLE);
      } catch (MalformedJobException e) {
        assertThat(e).hasNoCause();
        assertThat(e.getMessage()).matches("[A-Za-z0-9 ]+");
      }
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyBatchIsReportedOn(@ForAll("messages") List<String> texts) {
    // An event is UTF-8, which has no surrogates on their own.
    List<String> messages = texts.stream().map(t -> new String(t.getBytes(UTF_8), UTF_8)).toList();
    var fakes = new FakeServices();
    turn++;
    fakes.queueIsDown = turn % 5 == 0;
    fakes.limiter.isDown = turn % 7 == 0;
    fakes.receiver = turn % 3 == 0 ? _ -> new Gone("http-410") : fakes.receiver;
    fakes.upstream =
        switch (turn % 3) {
          case 0 -> message -> new Signed(message);
          case 1 -> _ -> new Rejected("http-400");
          default -> _ -> FakeServices.failed("http-503");
        };
    QueueBatch batch = QueueBatch.empty();
    for (String message : messages) {
      batch = batch.with("message-" + batch.bodies().size(), message);
    }

    List<String> failed = batch.failed(fakes);

    assertThat(batch.bodies()).containsKeys(failed.toArray(String[]::new));
    assertThat(failed)
        .containsAll(
            IntStream.range(0, messages.size())
                .filter(i -> !isJob(messages.get(i)))
                .mapToObj(i -> "message-" + i)
                .toList());
    assertThat(fakes.log).noneMatch(line -> line.name().equals("unexpected failure"));
    LogAssertions.isOneLineEach(fakes.log);
    assertThat(fakes.dead)
        .allMatch(d -> d.job().id().matches(LogAssertions.VISIBLE))
        .allMatch(d -> d.reason().outcome().matches(LogAssertions.CODE))
        .allMatch(d -> d.reason().kind().code().matches(LogAssertions.CODE));
    assertThat(fakes.delivered).allMatch(d -> d.id().matches(LogAssertions.VISIBLE));
  }

  private static boolean isJob(String message) {
    try {
      return JobCodec.decode(message).attempt() > 0;
    } catch (MalformedJobException _) {
      return false;
    }
  }

  @Provide
  Arbitrary<List<String>> messages() {
    return message().list().ofSize(CASES);
  }

  @Provide
  Arbitrary<List<String>> manyMessages() {
    return message().list().ofSize(PARSED);
  }

  private static Arbitrary<String> message() {
    Arbitrary<String> text =
        HostileText.any()
            .map(t -> Json.write(Json.object().put("t", t)))
            .map(o -> o.substring(5, o.length() - 1));
    Arbitrary<String> id = mostly("\"id-1\"", text);
    Arbitrary<String> url =
        mostly(
            "\"https://receiver.example/in?a=b\"",
            Arbitraries.oneOf(
                HostileText.queries()
                    .map(q -> Json.write(Json.object().put("t", "https://r.example/" + q)))
                    .map(o -> o.substring(5, o.length() - 1)),
                Arbitraries.of(
                    "\"http://u:p@h:99999/\"", "\"mailto:a@b\"", "\"https://[::1%25x]/\"")));
    Arbitrary<String> time =
        mostly(
            "\"2026-11-23T12:00:00Z\"",
            Arbitraries.of(
                "\"2026-11-23T11:59:59.999999999Z\"",
                "\"2027-11-23T12:00:00Z\"",
                "\"+1000000000-12-31T23:59:59.999999999Z\"",
                "\"-1000000000-01-01T00:00:00Z\"",
                "\"0000-00-00\"",
                "\"\"",
                "null",
                "1"));
    Arbitrary<String> attempt =
        mostly(
            "1",
            Arbitraries.of("20", "0", "-1", "2147483647", "2147483648", "1.0", "1e3", "\"1\""));
    Arbitrary<String> job =
        Combinators.combine(
                Arbitraries.of("needs-signature", "needs-callback"),
                text,
                id,
                url,
                time,
                attempt,
                time,
                time)
            .as(
                (stage, words, i, u, at, n, from, until) ->
                    """
                    {"version":1,"stage":"%s","message":%s,"signature":%s,"id":%s,"callbackUrl":%s,\
                    "acceptedAt":%s,"attempt":%s,"notBefore":%s,\
                    "grant":{"id":%s,"from":%s,"until":%s}}"""
                        .formatted(stage, words, words, i, u, at, n, from, i, from, until));
    return Arbitraries.oneOf(job, HostileText.damaged(job), HostileText.any(), text);
  }

  private static Arbitrary<String> mostly(String usual, Arbitrary<String> other) {
    return Arbitraries.oneOf(
        Arbitraries.just(usual), Arbitraries.just(usual), Arbitraries.just(usual), other);
  }
}
