package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.lambda.Function;
import dev.signrelay.lambda.FunctionProcess.Start;
import dev.signrelay.lambda.Moment;
import dev.signrelay.lambda.Moment.Span;
import dev.signrelay.lambda.RuntimeApi.Reply;
import dev.signrelay.local.DynamoDbServer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.util.ListStatistics;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * From the start of a process, or from its restore, to its first response. Each round starts every
 * function once without and once with a snapshot, so that other load on the machine affects all
 * alike.
 */
final class ColdStartBenchmark implements AutoCloseable {

  /** A busy machine can be too slow for a function's deadlines. */
  private static final int MAX_ATTEMPTS = 10;

  /** Bounds of the CPU time, as multiples of the floor's cold start. */
  private static final double COLD = 10;

  private static final double COLD_WITH_SDK = 16;
  private static final double RESTORED = 0.35;
  private static final double RESTORED_WITH_SDK = 0.75;

  private final Functions functions;
  private final DynamoDbClient dynamoDb;
  private final Case floor;
  private final List<Case> cases;

  /** A function, its first event and the times of its first responses, in ms. */
  private static final class Case {

    final String name;
    final Function function;
    final Supplier<byte[]> event;

    /** A part of the response; shows that the function did what is measured. */
    final String expected;

    final @Nullable Double coldTarget;
    final @Nullable Double restoredTarget;

    final ListStatistics coldCpu = new ListStatistics();
    final ListStatistics coldWall = new ListStatistics();

    /** Wall clock, from the start of the process until it asks for its first event. */
    final ListStatistics initialization = new ListStatistics();

    /** Wall clock, from the first event to its response. */
    final ListStatistics firstInvocation = new ListStatistics();

    final ListStatistics restoredCpu = new ListStatistics();
    final ListStatistics restoredWall = new ListStatistics();

    Case(
        String name,
        Function function,
        Supplier<byte[]> event,
        String expected,
        @Nullable Double coldTarget,
        @Nullable Double restoredTarget) {
      this.name = name;
      this.function = function;
      this.event = event;
      this.expected = expected;
      this.coldTarget = coldTarget;
      this.restoredTarget = restoredTarget;
    }
  }

  ColdStartBenchmark(Functions functions) {
    this.functions = functions;
    dynamoDb = DynamoDbServer.client(functions.backends().dynamoDb());
    URI callback = functions.callbackUrl();
    Supplier<byte[]> signed = () -> Events.sign("sign-0", callback);
    floor = new Case("Floor: hello, world", functions.floor(), signed, "hello", null, null);
    cases =
        List.of(
            floor,
            new Case(
                "SignFunction, signed", functions.sign(), signed, "\"signed\"", COLD, RESTORED),
            new Case(
                "SignFunction, signed, with the limit",
                functions.signLimited(),
                signed,
                "\"signed\"",
                COLD_WITH_SDK,
                RESTORED_WITH_SDK),
            new Case(
                "SignFunction, upstream fails, queued",
                functions.sign(),
                () -> Events.sign("fail-0", callback),
                "\"queued\"",
                COLD_WITH_SDK,
                RESTORED_WITH_SDK),
            new Case(
                "SignFunction, upstream hangs, queued",
                functions.sign(),
                () -> Events.sign("sign-60000", callback),
                "\"queued\"",
                COLD_WITH_SDK,
                RESTORED_WITH_SDK),
            new Case(
                "RetryFunction, 1 record, delivered",
                functions.retry(Map.of()),
                () -> Events.batch(List.of("sign-0"), callback),
                "[]",
                COLD,
                RESTORED),
            new Case(
                "RetryFunction, 10 records, delivered",
                functions.retry(Map.of()),
                () ->
                    Events.batch(
                        IntStream.range(0, 10).mapToObj(i -> "sign-0-" + i).toList(), callback),
                "[]",
                COLD,
                null));
  }

  /**
   * @throws IllegalStateException if a function keeps giving another response than is measured
   */
  void runRound() throws IOException, InterruptedException, TimeoutException {
    for (Case each : cases) {
      repeat(each, this::startCold);
      repeat(each, this::restore);
    }
  }

  private interface Measurement {

    /** Returns false, and records nothing, if the response is not the expected one. */
    boolean run(Case each) throws IOException, InterruptedException, TimeoutException;
  }

  private void repeat(Case each, Measurement measurement)
      throws IOException, InterruptedException, TimeoutException {
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      clearRateLimit();
      if (measurement.run(each)) {
        return;
      }
    }
    throw new IllegalStateException(each.name + ": unexpected response");
  }

  private boolean startCold(Case each) throws IOException, InterruptedException, TimeoutException {
    try (var process = functions.start(each.function, Start.ON_DEMAND)) {
      process.api().invoke(each.event);
      Moment ready = process.api().awaitAsked();
      Moment invoked = process.api().awaitHandedOver();
      Reply reply = process.api().awaitReply();
      boolean expected = reply.text().contains(each.expected);
      if (expected) {
        Span total = process.started().until(reply.at());
        each.coldCpu.addValue(total.cpu());
        each.coldWall.addValue(total.wall());
        each.initialization.addValue(process.started().until(ready).wall());
        each.firstInvocation.addValue(invoked.until(reply.at()).wall());
      }
      return expected;
    }
  }

  private boolean restore(Case each) throws IOException, InterruptedException, TimeoutException {
    try (var process = functions.start(each.function, Start.SNAP_START)) {
      process.api().restore();
      process.api().invoke(each.event);
      Moment restored = process.api().awaitRestored();
      Reply reply = process.api().awaitReply();
      boolean expected = reply.text().contains(each.expected);
      if (expected) {
        each.restoredCpu.addValue(restored.until(reply.at()).cpu());
        each.restoredWall.addValue(restored.until(reply.at()).wall());
      }
      return expected;
    }
  }

  /** Empties the limiter's table, so that the next call is granted at once. */
  private void clearRateLimit() {
    String table = functions.backends().table();
    dynamoDb
        .scan(s -> s.tableName(table))
        .items()
        .forEach(
            item -> dynamoDb.deleteItem(d -> d.tableName(table).key(Map.of("id", item.get("id")))));
  }

  List<Section> sections() {
    List<Figure> cpu = new ArrayList<>();
    List<Figure> wall = new ArrayList<>();
    List<Figure> restored = new ArrayList<>();
    for (Case each : cases) {
      Figure coldCpu = Figure.of(each.name, median(each.coldCpu), "ms CPU");
      Figure coldWall = Figure.of(each.name, median(each.coldWall), "ms");
      cpu.add(each == floor ? coldCpu : atMost(cpuRatio(coldCpu), each.coldTarget));
      wall.add(each == floor ? coldWall : wallRatio(coldWall));
      wall.add(Figure.of(each.name + ": initialization", median(each.initialization), "ms"));
      wall.add(Figure.of(each.name + ": first invocation", median(each.firstInvocation), "ms"));
      restored.add(
          atMost(
              cpuRatio(Figure.of(each.name, median(each.restoredCpu), "ms CPU")),
              each.restoredTarget));
      restored.add(
          wallRatio(Figure.of(each.name + ": wall clock", median(each.restoredWall), "ms")));
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

  private Figure cpuRatio(Figure figure) {
    return figure.ratioTo("floor", median(floor.coldCpu));
  }

  private Figure wallRatio(Figure figure) {
    return figure.ratioTo("floor", median(floor.coldWall));
  }

  private static Figure atMost(Figure figure, @Nullable Double target) {
    return target == null ? figure : figure.atMost(target);
  }

  private static double median(ListStatistics times) {
    return times.getPercentile(50);
  }

  @Override
  public void close() {
    dynamoDb.close();
  }
}
