package dev.signrelay;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static dev.signrelay.testing.HostileText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.JobCodec.MalformedJobException;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.DeadMessage;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileMessages;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.QueueBatch;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** RetryFunction reports on any event or batch of messages, even if its services fail. */
public final class RetryHandlerFuzzTest {

  private static final int MESSAGES = 10;

  /**
   * @param flags 1: the queue is down; 2: the rate limiter is down; 4: it allows no call; 8: the
   *     upstream connects late; 16: the receiver is gone. The next two bits choose what the
   *     upstream does.
   */
  private record Case(List<String> messages, int flags) {

    static Case of(SeededInput in) {
      return new Case(
          in.listOf(MESSAGES, () -> inUtf8(HostileMessages.message(in))), in.below(128));
    }

    /** An event is UTF-8, which has no unpaired surrogates. */
    private static String inUtf8(String text) {
      return new String(text.getBytes(UTF_8), UTF_8);
    }

    FakeServices fakes() {
      var fakes = new FakeServices();
      fakes.queueIsDown = (flags & 1) != 0;
      fakes.limiter.isDown = (flags & 2) != 0;
      fakes.limiter.wait = Duration.ofSeconds((flags & 4) == 0 ? 0 : 60);
      fakes.connectsInTime = (flags & 8) == 0;
      fakes.receiver = (flags & 16) == 0 ? fakes.receiver : _ -> new Gone("http-410");
      fakes.upstream =
          switch (flags >> 5 & 3) {
            case 0 -> Signed::new;
            case 1 -> _ -> new Rejected("http-400");
            default -> _ -> FakeServices.failed("http-503");
          };
      return fakes;
    }
  }

  @Test
  void anyBatchIsReportedOn() {
    Fuzz.check(FUNCTION_CASES / MESSAGES, Case::of, RetryHandlerFuzzTest::check);
  }

  /**
   * As {@link #anyBatchIsReportedOn}.
   *
   * @param input a byte of flags, and the messages, one a line
   */
  public static void check(byte[] input) {
    if (input.length > 0) {
      String lines = new String(input, 1, input.length - 1, UTF_8);
      check(new Case(List.of(lines.split("\n", MESSAGES)), input[0]));
    }
  }

  private static void check(Case of) {
    List<String> messages = of.messages();
    FakeServices fakes = of.fakes();
    QueueBatch batch = QueueBatch.empty();
    for (String message : messages) {
      batch = batch.with("message-" + batch.bodies().size(), message);
    }

    List<String> failed = batch.failed(fakes);

    assertThat(batch.bodies().keySet()).containsAll(failed);
    List<Integer> malformed =
        IntStream.range(0, messages.size()).filter(i -> !isJob(messages.get(i))).boxed().toList();
    if (fakes.queueIsDown) {
      assertThat(failed).containsAll(malformed.stream().map(i -> "message-" + i).toList());
    } else {
      assertThat(failed).isEmpty();
      assertThat(fakes.deadMessages)
          .extracting(DeadMessage::body)
          .containsExactlyInAnyOrderElementsOf(malformed.stream().map(messages::get).toList());
    }
    assertThat(fakes.deadMessages).allMatch(d -> d.error().matches(LogAssertions.VISIBLE));
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
      return JobCodec.decode(message).attemptNumber() > 0;
    } catch (MalformedJobException _) {
      return false;
    }
  }

  @Test
  void anyEventIsReportedOnOrFailsTheWholeBatch() {
    Fuzz.check(FUNCTION_CASES, RetryHandlerFuzzTest::event, RetryHandlerFuzzTest::check);
  }

  /** The event, in which no message is a job, is reported on or fails as a whole. */
  public static void check(String event) {
    if (event.contains("needs-")) {
      return; // the stage of a job
    }
    check(event, event.length() % 2 == 0);
  }

  private static void check(String event, boolean queueIsDown) {
    var fakes = new FakeServices();
    fakes.queueIsDown = queueIsDown;
    var function =
        new LambdaFunction(
            "RetryFunction", new RetryHandler(fakes.services()), Duration.ofSeconds(30));
    try {
      reportsWhatItLogged(fakes, function.invoke(event));
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessage("the event is not JSON");
      assertThat(fakes.log).isEmpty();
    }
  }

  /** None of the records is a job, so each is dead-lettered and logged. */
  private static void reportsWhatItLogged(FakeServices fakes, JsonNode report) {
    assertThat(report.size()).isEqualTo(1);
    JsonNode failures = report.path("batchItemFailures");
    assertThat(failures.isArray()).isTrue();
    assertThat(failures).allMatch(f -> f.size() == 1 && isTextOrNull(f.path("itemIdentifier")));
    assertThat(failures).hasSize(fakes.queueIsDown ? fakes.log.size() : 0);
    assertThat(fakes.log)
        .hasSize(fakes.queueIsDown ? failures.size() : fakes.deadMessages.size())
        .allMatch(line -> line.name().equals("malformed queue message"));
    LogAssertions.isOneLineEach(fakes.log);
  }

  /** Lambda takes null for a failure of the whole batch. A message of SQS always has an id. */
  private static boolean isTextOrNull(JsonNode id) {
    return id.isTextual() || id.isNull();
  }

  private static String event(SeededInput in) {
    return in.oneMadeBy(
        () -> batch(in),
        () -> HostileText.damaged(in, batch(in)),
        () -> value(in),
        () -> HostileText.any(in));
  }

  private static String batch(SeededInput in) {
    return "{\"Records\":%s}"
        .formatted(
            in.oneMadeBy(() -> message(in), () -> in.list(3, () -> message(in)), () -> value(in)));
  }

  private static String message(SeededInput in) {
    return "{\"messageId\":%s,\"body\":%s}".formatted(value(in), value(in));
  }

  private static String value(SeededInput in) {
    return in.oneMadeBy(
        () -> quoted(HostileText.any(in)),
        () -> in.oneOf("null", "1", "9e999", "true", "[]", "{}", "\"{}\"", "[[1]]"));
  }
}
