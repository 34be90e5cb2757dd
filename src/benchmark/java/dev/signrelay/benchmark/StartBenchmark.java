package dev.signrelay.benchmark;

import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.ProcessTime;
import dev.signrelay.testing.lambda.RuntimeApi.Reply;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * From the start of a process, or from its restore, to its first response. Each round starts every
 * function once without and once with a snapshot, so that other load on the machine affects all
 * alike.
 */
final class StartBenchmark {

  /** A busy machine can be too slow for a function's deadlines. */
  private static final int MAX_ATTEMPTS = 10;

  private final Functions functions;
  private final List<Case> cases = new ArrayList<>();
  private final Case floor;

  /**
   * A function and its first event.
   *
   * @param expected a part of the response; shows that the function did what is measured
   * @param maxCold the target without a snapshot, as a multiple of the floor; null: none
   * @param maxRestored the target after a restore; null: none
   * @param untilSnapshot from the start of the process until it is ready for its snapshot
   */
  private record Case(
      String name,
      FunctionConfig function,
      Supplier<byte[]> event,
      String expected,
      @Nullable Double maxCold,
      @Nullable Double maxRestored,
      Spans cold,
      Spans restored,
      Spans untilSnapshot) {

    Case(
        String name,
        FunctionConfig function,
        Supplier<byte[]> event,
        String expected,
        @Nullable Double maxCold,
        @Nullable Double maxRestored) {
      this(
          name,
          function,
          event,
          expected,
          maxCold,
          maxRestored,
          new Spans(),
          new Spans(),
          new Spans());
    }

    /** The same case of another release, without targets. */
    Case beside(FunctionConfig other) {
      return new Case(name + ", other release", other, event, expected, null, null);
    }
  }

  StartBenchmark(Functions functions) {
    this.functions = functions;
    floor = new Case("Hello, world", functions.floor(), signing("sign-0"), "hello", null, null);
    cases.addAll(cases(functions));
  }

  /** Also measures another release, in the same rounds. */
  void addReleaseBeside(Functions other) {
    List<Case> ours = List.copyOf(cases);
    List<Case> others = cases(other);
    for (int i = 0; i < ours.size(); i++) {
      cases.add(ours.get(i).beside(others.get(i).function));
    }
  }

  private List<Case> cases(Functions of) {
    URI callback = functions.callbackUrl();
    FunctionConfig sign = of.sign(Functions.UNLIMITED);
    FunctionConfig retry = of.retry(Functions.UNLIMITED);
    Supplier<byte[]> success = signing("sign-0");
    return List.of(
        new Case("signed", sign, success, "signed", 6.0, 0.12),
        new Case(
            "signed, key from Secrets Manager",
            of.signWithManagedKey(),
            success,
            "signed",
            null,
            0.18),
        new Case("signed, with the limit", of.sign(Map.of()), success, "signed", 8.0, 0.22),
        new Case("upstream fails, queued", sign, signing("fail-0"), "queued", 8.0, 0.22),
        new Case("upstream hangs, queued", sign, signing("sign-60000"), "queued", null, 0.28),
        new Case("RetryFunction, signed", retry, () -> batch(1), "[]", null, 0.2),
        new Case("RetryFunction, ten signed", retry, () -> batch(10), "[]", null, 0.6),
        new Case(
            "RetryFunction, delivered",
            retry,
            () -> Events.deliveries(1, callback),
            "[]",
            null,
            0.08),
        new Case(
            "DispatchFunction, one job",
            of.dispatch(Map.of()),
            () -> functions.jobsInLine(1),
            "1}",
            null,
            0.3));
  }

  private Supplier<byte[]> signing(String message) {
    return () -> Events.sign(message, functions.callbackUrl());
  }

  private byte[] batch(int records) {
    List<String> messages = IntStream.range(0, records).mapToObj(i -> "sign-0-" + i).toList();
    return Events.batch(messages, functions.callbackUrl());
  }

  /**
   * @throws IllegalStateException if a function keeps giving another response than is measured
   */
  void runRound() throws Exception {
    start(floor, Start.ON_DEMAND);
    for (Case each : cases) {
      for (Start start : Start.values()) {
        start(each, start);
      }
    }
  }

  private void start(Case each, Start start) throws Exception {
    int attempts = 1;
    while (!measure(each, start)) {
      if (attempts++ == MAX_ATTEMPTS) {
        throw new IllegalStateException(each.name + ": unexpected response");
      }
      clearRateLimit();
    }
  }

  /**
   * Returns false, and records nothing, if the response is not the expected one. With the limit,
   * all starts but the first find a schedule, as in a deployment.
   */
  private boolean measure(Case each, Start start) throws Exception {
    boolean cold = start == Start.ON_DEMAND;
    try (var process = functions.start(each.function, start)) {
      ProcessTime ready = cold ? null : process.api().awaitSnapshotReady();
      if (!cold) {
        process.api().restore();
      }
      process.api().invoke(each.event);
      ProcessTime begin = cold ? process.started() : process.api().awaitRestored();
      Reply reply = process.api().awaitReply();
      boolean expected = reply.text().contains(each.expected);
      if (expected) {
        (cold ? each.cold : each.restored).add(begin.until(reply.at()));
        if (ready != null) {
          each.untilSnapshot.add(process.started().until(ready));
        }
      }
      return expected;
    }
  }

  /**
   * Empties the limiter's table. After a failed attempt it can state that jobs wait, and further
   * requests would join the line.
   */
  private void clearRateLimit() {
    var client = functions.backends().dynamoDb().client();
    String table = functions.backends().dynamoDb().tableName();
    for (var item : client.scan(s -> s.tableName(table)).items()) {
      client.deleteItem(d -> d.tableName(table).key(Map.of("id", item.get("id"))));
    }
  }

  /** Processor times, as multiples of the floor's cold start. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    double floorCpu = floor.cold.medianCpu();
    figures.add(Figure.of("Cold start of the floor", floorCpu, "ms CPU"));
    for (Case each : cases) {
      figures.add(
          Figure.of("Restored: " + each.name, each.restored.medianCpu(), "ms CPU")
              .ratioTo("floor", floorCpu)
              .atMost(each.maxRestored));
    }
    for (Case each : cases) {
      figures.add(
          Figure.of("No snapshot: " + each.name, each.cold.medianCpu(), "ms CPU")
              .ratioTo("floor", floorCpu)
              .atMost(each.maxCold));
    }
    for (Case each : List.of(cases.getFirst(), cases.getLast())) {
      figures.add(
          Figure.of(
              "Until the snapshot: " + each.name, each.untilSnapshot.medianWall() / 1e3, "s"));
    }
    return figures;
  }
}
