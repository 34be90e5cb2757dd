package dev.signrelay;

import dev.signrelay.aws.FirstUse;
import dev.signrelay.log.EventLog;
import dev.signrelay.log.JsonLines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a function that Lambda may start from a snapshot.
 *
 * <p>With SnapStart, Lambda starts a published version once, takes a snapshot of its memory, and
 * begins every process with a copy of that (AWS Lambda developer guide, "Lambda SnapStart runtime
 * hooks for Java"). What parts hold, keys, connections, a place in the limit's line, would be as
 * old as the snapshot, and the same in all copies. So there are none in it: before the snapshot the
 * function {@linkplain Rehearsal rehearses} with parts that are thrown away, which leaves classes
 * that are loaded and compiled, and the real parts are made after each restore.
 */
final class SnapStart implements Resource, Supplier<Wiring> {

  /** What a function does before the snapshot. */
  @FunctionalInterface
  interface Preparation {
    void rehearse(Rehearsal rehearsal) throws IOException;
  }

  /** A rehearsal's lines are written, too, but to nowhere. */
  private static final EventLog UNHEARD =
      new JsonLines(new PrintStream(OutputStream.nullOutputStream()), Wiring.CLOCK, "rehearsal");

  private final Preparation preparation;
  private final int callsPerMinute;
  private final Supplier<Wiring> parts;

  /**
   * @param maker of the parts; called once, when they are first needed
   * @throws IllegalStateException if a setting is missing or wrong. No hook may find that out:
   *     Lambda's client reports what a constructor throws with its message, but of what a hook
   *     throws only that it threw.
   */
  SnapStart(
      Preparation preparation,
      UnaryOperator<@Nullable String> environment,
      Supplier<Wiring> maker) {
    this.preparation = preparation;
    this.callsPerMinute = Config.from(environment).callsPerMinute();
    this.parts = new FirstUse<>(maker);
  }

  /**
   * Parts from the environment, made at the time that suits how Lambda starts the function.
   *
   * @throws IllegalStateException if a setting is missing or wrong; with SnapStart the version is
   *     not published then
   */
  static Supplier<Wiring> parts(Preparation preparation) {
    var start = new SnapStart(preparation, System::getenv, Wiring::fromEnvironment);
    switch (System.getenv().getOrDefault("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")) {
      // The function keeps what is returned, and so this: Lambda's context refers to it weakly.
      case "snap-start" -> Core.getGlobalContext().register(start);
      case "provisioned-concurrency" -> {
        start.prepare();
        start.makeParts();
      }
      // Somebody waits for this very start, and for no more than every event needs.
      default -> start.get().limiter().prepare();
    }
    return start;
  }

  @Override
  public Wiring get() {
    return parts.get();
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    prepare();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    makeParts();
  }

  private void makeParts() {
    var _ = get();
  }

  /** A function that could not rehearse works all the same, but starts slowly. */
  private void prepare() {
    try {
      preparation.rehearse(new Rehearsal(callsPerMinute, Wiring.CLOCK, UNHEARD));
    } catch (IOException | RuntimeException e) {
      Wiring.LOG.write(FailureLines.unrehearsed(e));
    }
  }
}
