package dev.signrelay.benchmark;

import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.ProcessTime;
import dev.signrelay.testing.lambda.ProcessTime.Span;
import dev.signrelay.testing.lambda.RuntimeApi.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * From nothing to the first answer, without and with a snapshot: in each round every function is
 * started once each way, one after the other, so that what else the machine does meets all alike.
 */
final class ColdStarts {

  private static final int TRIES = 10;

  private final List<ColdCase> cases;
  private final List<String> pinning = Pinning.toOneProcessor();
  private final Map<ColdCase, List<Unprimed>> unprimed = new LinkedHashMap<>();
  private final Map<ColdCase, List<Span>> primed = new LinkedHashMap<>();

  /**
   * One start without a snapshot.
   *
   * @param whole from the start of the process to its first answer
   * @param init until it asked for its first event
   * @param first from that event to its answer
   */
  record Unprimed(Span whole, Span init, Span first) {}

  /**
   * @param cases the floor is the first
   */
  ColdStarts(List<ColdCase> cases) {
    this.cases = List.copyOf(cases);
    for (ColdCase each : cases) {
      unprimed.put(each, new ArrayList<>());
      primed.put(each, new ArrayList<>());
    }
  }

  /**
   * Starts everything once each way.
   *
   * @throws IllegalStateException if a function keeps answering something else than is measured
   */
  void round() throws IOException, InterruptedException, TimeoutException {
    for (ColdCase each : cases) {
      unprimed.get(each).add(repeated(each, () -> withoutSnapshot(each)));
      primed.get(each).add(repeated(each, () -> withSnapshot(each)));
    }
  }

  private interface Measurement<T> {

    /**
     * @return empty if the function took another way
     */
    Optional<T> make() throws IOException, InterruptedException, TimeoutException;
  }

  /** A machine that is busy with other things can be too slow for the deadlines of a function. */
  private static <T> T repeated(ColdCase each, Measurement<T> measurement)
      throws IOException, InterruptedException, TimeoutException {
    for (int i = 0; i < TRIES; i++) {
      each.prepare().run();
      Optional<T> made = measurement.make();
      if (made.isPresent()) {
        return made.get();
      }
    }
    throw new IllegalStateException(each.name() + ": not what the function does");
  }

  private Optional<Unprimed> withoutSnapshot(ColdCase each)
      throws IOException, InterruptedException, TimeoutException {
    try (var process = new FunctionProcess(each.function(), Start.ON_DEMAND, pinning)) {
      process.api().invoke(each.event());
      ProcessTime asked = process.api().awaitEventRequest();
      ProcessTime handedOver = process.api().awaitEventSent();
      Reply reply = process.api().awaitReply();
      return each.isMeasured(reply.text())
          ? Optional.of(
              new Unprimed(
                  process.started().until(reply.at()),
                  process.started().until(asked),
                  handedOver.until(reply.at())))
          : Optional.empty();
    }
  }

  private Optional<Span> withSnapshot(ColdCase each)
      throws IOException, InterruptedException, TimeoutException {
    try (var process = new FunctionProcess(each.function(), Start.SNAP_START, pinning)) {
      process.api().restore();
      process.api().invoke(each.event());
      ProcessTime restored = process.api().awaitRestored();
      Reply reply = process.api().awaitReply();
      return each.isMeasured(reply.text())
          ? Optional.of(restored.until(reply.at()))
          : Optional.empty();
    }
  }

  List<Section> sections() {
    return new ColdSections(cases, unprimed, primed).all();
  }
}
