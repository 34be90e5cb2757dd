package dev.signrelay.local;

import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Emulates a schedule of EventBridge Scheduler: invokes a function at a fixed rate. Invocations may
 * overlap. A failed invocation is not repeated.
 */
public final class Schedule implements AutoCloseable {

  /** Until the first invocation, unless the interval is shorter. */
  private static final Duration FIRST_DELAY = Duration.ofSeconds(3);

  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) minutes?\\)");

  /** The event has no content that a function needs. */
  private static final String EVENT = "{}";

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final ExecutorService invocations =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
  private final LambdaFunction function;

  /**
   * @param delay until the first invocation
   * @param interval between the starts of two invocations
   */
  public Schedule(LambdaFunction function, Duration delay, Duration interval) {
    this.function = function;
    var _ =
        ticks.scheduleAtFixedRate(
            this::tick, delay.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Starts the schedule of a function in the template.
   *
   * @param interval null: the template's
   */
  static Schedule of(Template template, LambdaFunction function, @Nullable Duration interval) {
    Duration every = interval == null ? interval(template, function.name()) : interval;
    return new Schedule(function, TimeSource.shorter(FIRST_DELAY, every), every);
  }

  /**
   * The interval of the only schedule of a function in the template.
   *
   * @throws IllegalArgumentException if the schedule has no rate in minutes
   */
  static Duration interval(Template template, String function) {
    String expression =
        template.events(function, "ScheduleV2").stream()
            .map(event -> String.valueOf(event.get("ScheduleExpression")))
            .findFirst()
            .orElse("");
    Matcher rate = RATE.matcher(expression);
    if (!rate.matches()) {
      throw new IllegalArgumentException(function + " has no rate in minutes: " + expression);
    }
    return Duration.ofMinutes(Long.parseLong(rate.group(1)));
  }

  private void tick() {
    invocations.execute(this::invoke);
  }

  private void invoke() {
    try {
      var _ = function.invoke(EVENT);
    } catch (RuntimeException e) {
      e.printStackTrace();
    }
  }

  /** Interrupts invocations in progress. */
  @Override
  public void close() {
    ticks.shutdownNow();
    invocations.shutdownNow();
    try {
      var _ = invocations.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
