package dev.signrelay.simulation;

import dev.signrelay.limit.SimulatedTable.Transit;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests of a process to the limiter's table, which can fail before and after their effect. */
record TableTransit(SimulatedProcess process, FaultWorld world) implements Transit {

  private static final Duration TIMEOUT = Duration.ofMillis(700);

  @Override
  public <T extends @Nullable Object> T through(Supplier<T> request) {
    pass();
    T response = request.get();
    pass();
    return response;
  }

  private void pass() {
    process.step(CrashPoint.AROUND_A_TABLE_REQUEST);
    world.time.sleep(world.random.between(Duration.ofMillis(1), Duration.ofMillis(8)));
    if (world.faults.occurs(Fault.TABLE_FAILED)) {
      world.trace.add(process.name(), "TABLE_FAILED");
      world.time.sleep(world.random.between(Duration.ZERO, TIMEOUT));
      throw new IllegalStateException("the table did not respond");
    }
    process.step(CrashPoint.AROUND_A_TABLE_REQUEST);
  }
}
