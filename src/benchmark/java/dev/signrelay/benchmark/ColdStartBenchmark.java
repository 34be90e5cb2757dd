package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.lambda.Function;
import dev.signrelay.lambda.FunctionProcess.Start;
import dev.signrelay.lambda.Moment;
import dev.signrelay.lambda.RuntimeApi.Reply;
import dev.signrelay.local.DynamoDbServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * From the start of a process, or from its restore, to its first response. Each round starts every
 * function once without and once with a snapshot, so that other load on the machine affects all
 * alike.
 */
final class ColdStartBenchmark implements AutoCloseable {

  /** A busy machine can be too slow for a function's deadlines. */
  private static final int MAX_ATTEMPTS = 10;

  private static final Targets NONE = new Targets(null, null);
  private static final Targets NO_SDK = new Targets(10.0, 0.35);
  private static final Targets SDK = new Targets(16.0, 0.75);
  private static final Targets COLD_ONLY = new Targets(10.0, null);

  private final Functions functions;
  private final DynamoDbClient dynamoDb;
  private final List<Case> cases;

  /** Bounds of the CPU time until the first response, as multiples of the floor's cold start. */
  private record Targets(@Nullable Double cold, @Nullable Double restored) {}

  /** The measured durations of a case. */
  private static final class Times {

    /** From the start of the process to its first response. */
    final Spans cold = new Spans();

    /** From the start of the process until it asks for its first event. */
    final Spans initialization = new Spans();

    /** From the first event to its response. */
    final Spans firstInvocation = new Spans();

    /** From the restore to the first response. */
    final Spans restored = new Spans();
  }

  /**
   * A function and its first event.
   *
   * @param expected a part of the response; shows that the function did what is measured
   */
  private record Case(
      String name,
      Function function,
      Supplier<byte[]> event,
      String expected,
      Targets targets,
      Times times) {}

  ColdStartBenchmark(Functions functions) {
    this.functions = functions;
    dynamoDb = DynamoDbServer.client(functions.backends().dynamoDb());
    cases = new ArrayList<>();
    URI callback = functions.callbackUrl();
    Supplier<byte[]> sign = () -> Events.sign("sign-0", callback);
    Supplier<byte[]> fail = () -> Events.sign("fail-0", callback);
    Supplier<byte[]> hang = () -> Events.sign("sign-60000", callback);
    Function signFunction = functions.sign();
    Function retryFunction = functions.retry(Map.of());
    add("Floor: hello, world", functions.floor(), sign, "hello", NONE);
    add("SignFunction, signed", signFunction, sign, "signed", NO_SDK);
    add("SignFunction, signed, with the limit", functions.signLimited(), sign, "signed", SDK);
    add("SignFunction, upstream fails, queued", signFunction, fail, "queued", SDK);
    add("SignFunction, upstream hangs, queued", signFunction, hang, "queued", SDK);
    add("RetryFunction, 1 record, delivered", retryFunction, () -> batch(1), "[]", NO_SDK);
    add("RetryFunction, 10 records, delivered", retryFunction, () -> batch(10), "[]", COLD_ONLY);
  }

  private void add(
      String name, Function function, Supplier<byte[]> event, String expected, Targets targets) {
    cases.add(new Case(name, function, event, expected, targets, new Times()));
  }

  private byte[] batch(int records) {
    List<String> messages = IntStream.range(0, records).mapToObj(i -> "sign-0-" + i).toList();
    return Events.batch(messages, functions.callbackUrl());
  }

  /**
   * @throws IllegalStateException if a function keeps giving another response than is measured
   */
  void runRound() throws Exception {
    for (Case each : cases) {
      repeat(each, this::startCold);
      repeat(each, this::restore);
    }
  }

  private interface Measurement {

    /** Returns false, and records nothing, if the response is not the expected one. */
    boolean run(Case each) throws Exception;
  }

  private void repeat(Case each, Measurement measurement) throws Exception {
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      clearRateLimit();
      if (measurement.run(each)) {
        return;
      }
    }
    throw new IllegalStateException(each.name + ": unexpected response");
  }

  private boolean startCold(Case each) throws Exception {
    try (var process = functions.start(each.function, Start.ON_DEMAND)) {
      process.api().invoke(each.event);
      Moment ready = process.api().awaitAsked();
      Moment invoked = process.api().awaitHandedOver();
      Reply reply = process.api().awaitReply();
      boolean expected = reply.text().contains(each.expected);
      if (expected) {
        each.times.cold.add(process.started().until(reply.at()));
        each.times.initialization.add(process.started().until(ready));
        each.times.firstInvocation.add(invoked.until(reply.at()));
      }
      return expected;
    }
  }

  private boolean restore(Case each) throws Exception {
    try (var process = functions.start(each.function, Start.SNAP_START)) {
      process.api().restore();
      process.api().invoke(each.event);
      Moment restored = process.api().awaitRestored();
      Reply reply = process.api().awaitReply();
      boolean expected = reply.text().contains(each.expected);
      if (expected) {
        each.times.restored.add(restored.until(reply.at()));
      }
      return expected;
    }
  }

  /** Empties the limiter's table, so that the next call is granted at once. */
  private void clearRateLimit() {
    String table = functions.backends().table();
    for (var item : dynamoDb.scan(s -> s.tableName(table)).items()) {
      dynamoDb.deleteItem(d -> d.tableName(table).key(Map.of("id", item.get("id"))));
    }
  }

  List<Section> sections() {
    List<Figure> cpu = new ArrayList<>();
    List<Figure> wall = new ArrayList<>();
    List<Figure> restored = new ArrayList<>();
    double floorCpu = cases.getFirst().times.cold.medianCpu();
    double floorWall = cases.getFirst().times.cold.medianWall();
    for (Case each : cases) {
      String name = each.name;
      Times times = each.times;
      cpu.add(
          Figure.of(name, times.cold.medianCpu(), "ms CPU")
              .ratioTo("floor", floorCpu)
              .atMost(each.targets.cold));
      wall.add(Figure.of(name, times.cold.medianWall(), "ms").ratioTo("floor", floorWall));
      wall.add(Figure.of(name + ": initialization", times.initialization.medianWall(), "ms"));
      wall.add(Figure.of(name + ": first invocation", times.firstInvocation.medianWall(), "ms"));
      restored.add(
          Figure.of(name, times.restored.medianCpu(), "ms CPU")
              .ratioTo("floor", floorCpu)
              .atMost(each.targets.restored));
      restored.add(
          Figure.of(name + ": wall clock", times.restored.medianWall(), "ms")
              .ratioTo("floor", floorWall));
    }
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
            restored));
  }

  @Override
  public void close() {
    dynamoDb.close();
  }
}
