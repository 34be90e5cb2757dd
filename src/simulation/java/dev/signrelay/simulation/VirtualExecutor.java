package dev.signrelay.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Runs each task as a process of the simulation. Shutting it down interrupts none. */
final class VirtualExecutor extends AbstractExecutorService {

  /** Starts a process for each task. */
  private final Executor processes;

  private boolean shutdown;

  VirtualExecutor(Executor processes) {
    this.processes = processes;
  }

  @Override
  public void execute(Runnable task) {
    processes.execute(task);
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException(Duration.of(timeout, unit.toChronoUnit()).toString());
  }
}
