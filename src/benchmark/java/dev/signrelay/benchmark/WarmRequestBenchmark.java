package dev.signrelay.benchmark;

import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.ProcessTime.Span;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Requests to warm, restored processes of SignFunction, of the bare call and of the floor, and of
 * SignFunction with a cache: one always finds the signature, and one never does. They get their
 * requests in turns.
 */
final class WarmRequestBenchmark implements AutoCloseable {

  private static final int WARM_UP = 1_000;
  private static final double MAX_ADDED_MILLIS = 1;
  private static final double MAX_ADDED_MILLIS_WITH_CACHE = 6;

  /** The upstream signs it at once. */
  private static final String MESSAGE = "sign-0";

  private final Subject floor;
  private final Subject bareCall;
  private final Subject sign;
  private final Subject cacheHit;
  private final Subject cacheMiss;
  private final List<Subject> all;

  /** A process and what its requests cost. */
  private static final class Subject {

    final FunctionProcess process;
    final Supplier<String> messages;
    final Spans requests = new Spans();

    Subject(Functions functions, FunctionConfig function, Supplier<String> messages)
        throws IOException {
      process = functions.start(function, Start.SNAP_START);
      process.api().restore();
      this.messages = messages;
    }

    Span request() throws Exception {
      String message = messages.get();
      return process.invoke(() -> Events.sign(message)).span();
    }
  }

  WarmRequestBenchmark(Functions functions) throws IOException {
    floor = new Subject(functions, functions.floor(), () -> MESSAGE);
    bareCall = new Subject(functions, functions.bareCall(), () -> MESSAGE);
    sign = new Subject(functions, functions.sign(Functions.UNLIMITED), () -> MESSAGE);
    FunctionConfig cached = functions.signWithCache();
    cacheHit = new Subject(functions, cached, () -> MESSAGE);
    cacheMiss = new Subject(functions, cached, () -> MESSAGE + "-" + UUID.randomUUID());
    all = List.of(floor, bareCall, sign, cacheHit, cacheMiss);
  }

  /**
   * The wall-clock time that SignFunction adds to a bare call, p50.
   *
   * @param requests to each process, after the warm-up
   */
  List<Figure> measure(int requests) throws Exception {
    for (int i = 1; i <= WARM_UP + requests; i++) {
      for (Subject each : all) {
        Span span = each.request();
        if (i > WARM_UP) {
          each.requests.add(span);
        }
      }
    }
    return List.of(
        Figure.of("Warm: hello, world", floor.requests.medianWall(), "ms"),
        added("signed", sign, MAX_ADDED_MILLIS),
        added("signature from the cache", cacheHit, MAX_ADDED_MILLIS_WITH_CACHE),
        added("with a cache, message not in it", cacheMiss, MAX_ADDED_MILLIS_WITH_CACHE));
  }

  /** A cache adds its requests to DynamoDB Local to the latency. */
  private Figure added(String name, Subject subject, double max) {
    return Figure.of("Warm: " + name, subject.requests.medianWall(), "ms")
        .differenceFrom("bare call", bareCall.requests.medianWall())
        .atMost(max);
  }

  @Override
  public void close() {
    all.forEach(each -> each.process.close());
  }
}
