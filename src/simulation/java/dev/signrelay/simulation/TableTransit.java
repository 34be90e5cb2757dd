package dev.signrelay.simulation;

import dev.signrelay.limit.SimulatedTable.Transit;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests of a process to a table, which can fail before and after their effect.
 *
 * @param failed a request or its response is lost
 * @param repeated a response is lost, and the client repeats the request
 * @param down the table fails every request
 */
record TableTransit(
    SimulatedProcess process, World world, Fault failed, Fault repeated, Incident... down)
    implements Transit {

  private static final Duration TIMEOUT = Duration.ofMillis(700);

  /** The longest that any function waits for the limiter. */
  private static final Duration SLOWEST = Duration.ofSeconds(3);

  /** Requests to the limiter's table. */
  static TableTransit toLimiter(SimulatedProcess process, World world) {
    return new TableTransit(
        process, world, Fault.TABLE_FAILED, Fault.TABLE_RESPONSE_LOST, Incident.TABLE_DOWN);
  }

  /** Requests to the table of records, reservations and signatures. */
  static TableTransit toJobs(SimulatedProcess process, World world) {
    return new TableTransit(
        process,
        world,
        Fault.RECORDS_FAILED,
        Fault.RECORDS_RESPONSE_LOST,
        Incident.TABLE_DOWN,
        Incident.RECORDS_DOWN);
  }

  @Override
  public <T extends @Nullable Object> T through(Supplier<T> request) {
    world.dispatchTableRequests += process.isOfDispatchFunction() ? 1 : 0;
    pass();
    T response = request.get();
    if (world.faults.occurs(repeated)) {
      world.trace.add(process.name(), "%s, and repeated", repeated);
      pass();
      response = request.get();
    }
    if (world.incidents.strike(Incident.TABLE_SILENT)) {
      fail(Incident.TABLE_SILENT.name());
    }
    pass();
    return response;
  }

  private void pass() {
    process.step(CrashPoint.AROUND_A_TABLE_REQUEST);
    world.time.sleep(world.random.between(Duration.ofMillis(1), Duration.ofMillis(8)));
    if (world.incidents.strike(Incident.TABLE_SLOW)) {
      world.time.sleep(world.random.between(Duration.ZERO, SLOWEST));
    }
    if (world.incidents.strike(down)) {
      fail(down[down.length - 1].name());
    }
    if (world.faults.occurs(failed)) {
      fail(failed.name());
    }
    process.step(CrashPoint.AROUND_A_TABLE_REQUEST);
  }

  private void fail(String how) {
    world.trace.add(process.name(), how);
    world.time.sleep(world.random.between(Duration.ZERO, TIMEOUT));
    throw new IllegalStateException("the table did not respond");
  }

  @Override
  public void applied(Instant sent) {
    world.limits.asks(process.config().upstream().callsPerMinute(), sent);
  }
}
