package dev.signrelay.limit;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** A property of one {@link ModelRun} that does not hold, and of which a few actions show it. */
@Retention(RetentionPolicy.RUNTIME)
@Property(
    seed = "60",
    tries = 100_000,
    edgeCases = EdgeCasesMode.NONE,
    shrinking = ShrinkingMode.FULL,
    afterFailure = AfterFailureMode.RANDOM_SEED)
@AddLifecycleHook(ExpectCounterExample.Hook.class)
@interface ExpectCounterExample {

  int A_FEW = 8;

  /** Turns the result round. */
  final class Hook implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      PropertyExecutionResult result = property.execute();
      if (result.status() != PropertyExecutionResult.Status.FAILED) {
        return result.mapToFailed("no run in " + result.countTries() + " shows it");
      }
      if (!(result.throwable().orElse(null) instanceof AssertionError)) {
        return result;
      }
      var shortest = (ModelRun) result.falsifiedParameters().orElseThrow().getFirst();
      return shortest.length() <= A_FEW
          ? result.mapToSuccessful()
          : result.mapToFailed("not a short run: " + shortest);
    }
  }
}
