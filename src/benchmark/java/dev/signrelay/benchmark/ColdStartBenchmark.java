package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.local.QueueServer;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.ProcessTime;
import dev.signrelay.testing.lambda.RuntimeApi.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * From the start of a process, or from its restore, to its first response. Each round starts every
 * function once without and once with a snapshot, so that other load on the machine affects all
 * alike.
 */
final class ColdStartBenchmark {

  /** A busy machine can be too slow for a function's deadlines. */
  private static final int MAX_ATTEMPTS = 10;

  private static final Targets NONE = new Targets(null, null);
  private static final Targets NO_SDK = new Targets(5.0, 0.15);
  private static final Targets SDK = new Targets(8.0, 0.35);
  private static final Targets COLD_ONLY = new Targets(8.0, null);

  private static final String PLAIN_KEY = "SignFunction, signed";
  private static final String MANAGED_KEY = "SignFunction, signed, key from Secrets Manager";
  private static final double TYPED_COLD = 1.03;
  private static final double TYPED_RESTORED = 1.05;

  private final Functions functions;
  private final List<Case> cases;
  private final Case signed;
  private final Case signedRaw;

  /** Bounds of the CPU time until the first response, as multiples of the floor's cold start. */
  private record Targets(@Nullable Double cold, @Nullable Double restored) {}

  /**
   * The durations of one kind of start.
   *
   * @param total from the start of the process, or from its restore, to the first response
   * @param initialization until the function asks for its first event
   * @param firstInvocation from that event to its response
   */
  private record Times(Spans total, Spans initialization, Spans firstInvocation) {

    Times() {
      this(new Spans(), new Spans(), new Spans());
    }
  }

  /**
   * A function and its first event.
   *
   * @param expected a part of the response; shows that the function did what is measured
   */
  private record Case(
      String name,
      FunctionConfig function,
      Supplier<byte[]> event,
      String expected,
      Targets targets,
      Times cold,
      Times restored) {}

  ColdStartBenchmark(Functions functions) {
    this.functions = functions;
    cases = new ArrayList<>();
    URI callback = functions.callbackUrl();
    Supplier<byte[]> sign = () -> Events.sign("sign-0", callback);
    Supplier<byte[]> fail = () -> Events.sign("fail-0", callback);
    Supplier<byte[]> hang = () -> Events.sign("sign-60000", callback);
    FunctionConfig signFunction = functions.sign(Functions.UNLIMITED);
    FunctionConfig retryFunction = functions.retry(Functions.UNLIMITED);
    add("Floor: hello, world", functions.floor(), sign, "hello", NONE);
    signed = add(PLAIN_KEY, signFunction, sign, "signed", NO_SDK);
    signedRaw = add("SignFunction, signed, raw streams", functions.rawSign(), sign, "signed", NONE);
    add(MANAGED_KEY, functions.signWithManagedKey(), sign, "signed", SDK);
    add("SignFunction, signed, with the limit", functions.sign(Map.of()), sign, "signed", SDK);
    add("SignFunction, upstream fails, queued", signFunction, fail, "queued", SDK);
    add("SignFunction, upstream hangs, queued", signFunction, hang, "queued", SDK);
    Supplier<byte[]> delivery = () -> Events.deliveries(1, callback);
    add("RetryFunction, 1 record, signed", retryFunction, () -> batch(1), "[]", SDK);
    add("RetryFunction, 10 records, signed", retryFunction, () -> batch(10), "[]", COLD_ONLY);
    add("RetryFunction, 1 record, delivered", retryFunction, delivery, "[]", NO_SDK);
    add("DispatchFunction, 1 job", functions.dispatch(), this::jobInLine, "1}", NONE);
  }

  private Case add(
      String name,
      FunctionConfig function,
      Supplier<byte[]> event,
      String expected,
      Targets targets) {
    var added = new Case(name, function, event, expected, targets, new Times(), new Times());
    cases.add(added);
    return added;
  }

  private byte[] batch(int records) {
    List<String> messages = IntStream.range(0, records).mapToObj(i -> "sign-0-" + i).toList();
    return Events.batch(messages, functions.callbackUrl());
  }

  /** Lets a job join the line. The event has no content. */
  private byte[] jobInLine() {
    QueueServer sqs = functions.backends().sqs();
    String body = Events.unsigned("sign-0", functions.callbackUrl());
    sqs.client().sendMessage(m -> m.queueUrl(sqs.queues().lineQueueUrl()).messageBody(body));
    return "{}".getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws IllegalStateException if a function keeps giving another response than is measured
   */
  void runRound() throws Exception {
    for (Case each : cases) {
      for (Start start : Start.values()) {
        int attempts = 1;
        while (!measure(each, start)) {
          if (attempts++ == MAX_ATTEMPTS) {
            throw new IllegalStateException(each.name + ": unexpected response");
          }
        }
      }
    }
  }

  /** Returns false, and records nothing, if the response is not the expected one. */
  private boolean measure(Case each, Start start) throws Exception {
    clearRateLimit();
    boolean cold = start == Start.ON_DEMAND;
    try (var process = functions.start(each.function, start)) {
      if (!cold) {
        process.api().restore();
      }
      process.api().invoke(each.event);
      ProcessTime begin = cold ? process.started() : process.api().awaitRestored();
      ProcessTime ready = process.api().awaitEventRequest();
      ProcessTime invoked = process.api().awaitEventSent();
      Reply reply = process.api().awaitReply();
      boolean expected = reply.text().contains(each.expected);
      if (expected) {
        Times times = cold ? each.cold : each.restored;
        times.total.add(begin.until(reply.at()));
        times.initialization.add(begin.until(ready));
        times.firstInvocation.add(invoked.until(reply.at()));
      }
      return expected;
    }
  }

  /** Empties the limiter's table, so that the next call is granted at once. */
  private void clearRateLimit() {
    var client = functions.backends().dynamoDb().client();
    String table = functions.backends().dynamoDb().tableName();
    for (var item : client.scan(s -> s.tableName(table)).items()) {
      client.deleteItem(d -> d.tableName(table).key(Map.of("id", item.get("id"))));
    }
  }

  List<Section> sections() {
    List<Figure> cpu = new ArrayList<>();
    List<Figure> wall = new ArrayList<>();
    List<Figure> restored = new ArrayList<>();
    double floorCpu = cases.getFirst().cold.total.medianCpu();
    double floorWall = cases.getFirst().cold.total.medianWall();
    for (Case each : cases) {
      String name = each.name;
      cpu.add(
          Figure.of(name, each.cold.total.medianCpu(), "ms CPU")
              .ratioTo("floor", floorCpu)
              .atMost(each.targets.cold));
      wall.add(Figure.of(name, each.cold.total.medianWall(), "ms").ratioTo("floor", floorWall));
      wall.add(Figure.of(name + ": initialization", each.cold.initialization.medianWall(), "ms"));
      wall.add(
          Figure.of(name + ": first invocation", each.cold.firstInvocation.medianWall(), "ms"));
      restored.add(
          Figure.of(name, each.restored.total.medianCpu(), "ms CPU")
              .ratioTo("floor", floorCpu)
              .atMost(each.targets.restored));
      restored.add(
          Figure.of(name + ": wall clock", each.restored.total.medianWall(), "ms")
              .ratioTo("floor", floorWall));
    }
    cpu.add(price(Case::cold));
    restored.add(price(Case::restored));
    return List.of(
        new Section(
            "Cold start without a snapshot",
            "CPU time from the start of the process to its first response.",
            cpu),
        new Section(
            "Cold start without a snapshot, wall clock",
            "From the start of the process to its first response, and the two phases of it.",
            wall),
        new Section(
            "First invocation after a restore",
            "From the simulated restore to the first response. The baseline is the floor's cold"
                + " start without a snapshot.",
            restored),
        typedEvents());
  }

  private Section typedEvents() {
    return new Section(
        "Typed events",
        "SignFunction beside the same workflow on raw streams: CPU time to the first response.",
        List.of(
            Figure.of("Without a snapshot", signed.cold.total.medianCpu(), "ms CPU")
                .ratioTo("raw streams", signedRaw.cold.total.medianCpu())
                .atMost(TYPED_COLD),
            Figure.of("After a restore", signed.restored.total.medianCpu(), "ms CPU")
                .ratioTo("raw streams", signedRaw.restored.total.medianCpu())
                .atMost(TYPED_RESTORED)));
  }

  /** A start whose key is read from Secrets Manager, compared with one whose key is a setting. */
  private Figure price(Function<Case, Times> start) {
    return Figure.of(MANAGED_KEY, medianCpu(MANAGED_KEY, start), "ms CPU")
        .ratioTo("plain key", medianCpu(PLAIN_KEY, start));
  }

  private double medianCpu(String name, Function<Case, Times> start) {
    Case found = cases.stream().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
    return start.apply(found).total.medianCpu();
  }
}
