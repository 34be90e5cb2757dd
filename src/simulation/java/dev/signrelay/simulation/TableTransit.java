package dev.signrelay.simulation;

import dev.signrelay.limit.SimulatedTable.Transit;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests of a process to the limiter's table, which can fail before and after their effect. */
record TableTransit(SimulatedProcess process, FaultWorld world) implements Transit {

  private static final Duration TIMEOUT = Duration.ofMillis(700);

  /** The longest that any function waits for the limiter. */
  private static final Duration SLOWEST = Duration.ofSeconds(3);

  @Override
  public <T extends @Nullable Object> T through(Supplier<T> request) {
    pass();
    T response = request.get();
    if (world.faults.occurs(Fault.TABLE_RESPONSE_LOST)) {
      world.trace.add(process.name(), "TABLE_RESPONSE_LOST, and repeated");
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
    if (world.incidents.strike(Incident.TABLE_DOWN)) {
      fail(Incident.TABLE_DOWN.name());
    }
    if (world.faults.occurs(Fault.TABLE_FAILED)) {
      fail(Fault.TABLE_FAILED.name());
    }
    process.step(CrashPoint.AROUND_A_TABLE_REQUEST);
  }

  private void fail(String how) {
    world.trace.add(process.name(), how);
    world.time.sleep(world.random.between(Duration.ZERO, TIMEOUT));
    throw new IllegalStateException("the table did not respond");
  }

  @Override
  public void applied() {
    world.limits.asks(process.config().upstream().callsPerMinute());
  }

  @Override
  public String owner(String owner) {
    return world.mutation == Mutation.CLAIM_WITHOUT_OWNER ? world.id() : owner;
  }
}
