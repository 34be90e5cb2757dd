package dev.signrelay.testing;

import static java.util.stream.Collectors.joining;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints at the end which test classes were skipped, with the reason, and what the night runs. */
public final class SkippedTests implements TestExecutionListener {

  private final Map<String, Set<String>> classesByReason = new ConcurrentSkipListMap<>();

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    add(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED) {
      add(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason is given"));
    }
  }

  private void add(TestIdentifier test, String reason) {
    classesByReason
        .computeIfAbsent(reason.strip(), _ -> new ConcurrentSkipListSet<>())
        .add(className(test));
  }

  private static String className(TestIdentifier test) {
    return switch (test.getSource().orElse(null)) {
      case ClassSource source -> source.getJavaClass().getSimpleName();
      case MethodSource source -> source.getJavaClass().getSimpleName();
      case null, default -> test.getDisplayName();
    };
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (!classesByReason.isEmpty()) {
      System.out.println(
          classesByReason.entrySet().stream()
              .map(skipped -> String.join(", ", skipped.getValue()) + ": " + skipped.getKey())
              .collect(joining("\n", "Skipped:\n", "")));
    }
    String tag = System.getProperty("excludedGroups", "");
    if (!tag.isEmpty()) {
      System.out.printf("Not run: tests with the tag %s. To run them: mvn -Pnight verify%n", tag);
    }
  }
}
