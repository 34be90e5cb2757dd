package dev.signrelay.benchmark;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.VirtualMachine;
import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.ProcessTime.Span;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Requests to warm processes of SignFunction, of the bare call and of the floor, and of
 * SignFunction with a cache: one always finds the signature, and one never does. They get their
 * requests in turns.
 */
final class WarmRequestBenchmark implements AutoCloseable {

  private static final int WARM_UP = 1_000;
  private static final int ALLOCATION_REQUESTS = 500;
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
    double megabytesAfterFirst;
    double megabytesAfterWarmUp;
    double kilobytesPerRequest;

    Subject(Functions functions, FunctionConfig function, Supplier<String> messages)
        throws IOException {
      process = functions.start(function, Start.ON_DEMAND);
      this.messages = messages;
    }

    Span request() throws Exception {
      String message = messages.get();
      return process.invoke(() -> Events.sign(message)).span();
    }

    void measureAllocation() throws Exception {
      try (var jmx = connect()) {
        var threads =
            ManagementFactory.newPlatformMXBeanProxy(
                jmx.getMBeanServerConnection(),
                ManagementFactory.THREAD_MXBEAN_NAME,
                ThreadMXBean.class);
        threads.getTotalThreadAllocatedBytes(); // the first call also loads JMX classes
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < ALLOCATION_REQUESTS; i++) {
          request();
        }
        long bytes = threads.getTotalThreadAllocatedBytes() - before;
        kilobytesPerRequest = bytes / 1e3 / ALLOCATION_REQUESTS;
      }
    }

    private JMXConnector connect() throws Exception {
      VirtualMachine jvm = VirtualMachine.attach(Long.toString(process.meter().pid()));
      try {
        return JMXConnectorFactory.connect(new JMXServiceURL(jvm.startLocalManagementAgent()));
      } finally {
        jvm.detach();
      }
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
   * @param requests to each process, after the warm-up
   */
  List<Section> measure(int requests) throws Exception {
    for (int i = 1; i <= WARM_UP + requests; i++) {
      for (Subject each : all) {
        Span span = each.request();
        if (i == 1) {
          each.megabytesAfterFirst = each.process.meter().residentMegabytes();
        } else if (i == WARM_UP) {
          each.megabytesAfterWarmUp = each.process.meter().residentMegabytes();
        } else if (i > WARM_UP) {
          each.requests.add(span);
        }
      }
    }
    for (Subject each : all) {
      each.measureAllocation();
    }
    return List.of(
        new Section(
            "Warm latency",
            "From the event to the response.",
            List.of(
                Figure.of("Floor, p50", floor.requests.medianWall(), "ms"),
                Figure.of("Floor, p99", floor.requests.p99Wall(), "ms"),
                Figure.of("SignFunction, p50", sign.requests.medianWall(), "ms")
                    .differenceFrom("bare call", bareCall.requests.medianWall())
                    .atMost(MAX_ADDED_MILLIS),
                Figure.of("SignFunction, p99", sign.requests.p99Wall(), "ms")
                    .differenceFrom("bare call", bareCall.requests.p99Wall()),
                withCache("with a cached signature, p50", cacheHit.requests.medianWall())
                    .atMost(MAX_ADDED_MILLIS_WITH_CACHE),
                withCache("with a message that is not cached, p50", cacheMiss.requests.medianWall())
                    .atMost(MAX_ADDED_MILLIS_WITH_CACHE))),
        new Section(
            "CPU time of a warm request",
            "Medians, including the TLS handshake.",
            List.of(
                Figure.of("Floor", floor.requests.medianCpu(), "ms CPU"),
                Figure.of("SignFunction", sign.requests.medianCpu(), "ms CPU")
                    .ratioTo("bare call", bareCall.requests.medianCpu()))),
        new Section(
            "Resident memory",
            "1 MB is 1,000,000 bytes. The JVM chooses the heap size by this machine's memory.",
            List.of(
                Figure.of("SignFunction after the first request", sign.megabytesAfterFirst, "MB")
                    .ratioTo("floor", floor.megabytesAfterFirst),
                Figure.of("SignFunction after 1,000 requests", sign.megabytesAfterWarmUp, "MB")
                    .ratioTo("floor", floor.megabytesAfterWarmUp))),
        new Section(
            "Allocation of a warm request",
            "By all threads of the process. 1 KB is 1,000 bytes.",
            List.of(
                Figure.of("Floor", floor.kilobytesPerRequest, "KB"),
                Figure.of("SignFunction", sign.kilobytesPerRequest, "KB")
                    .ratioTo("bare call", bareCall.kilobytesPerRequest))));
  }

  /** The cache adds its requests to DynamoDB Local to the latency. */
  private Figure withCache(String name, double millis) {
    return Figure.of("SignFunction " + name, millis, "ms")
        .differenceFrom("bare call", bareCall.requests.medianWall());
  }

  @Override
  public void close() {
    all.forEach(each -> each.process.close());
  }
}
