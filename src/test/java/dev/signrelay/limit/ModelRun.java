package dev.signrelay.limit;

import java.util.List;

/**
 * One run of the {@link LimiterModel}.
 *
 * @param calls allowed in 60 s
 * @param skewsMillis how far each process's clock is ahead of the true time
 */
record ModelRun(int calls, List<Integer> skewsMillis, List<ModelAction> actions) {

  int length() {
    return ModelAction.count(actions);
  }
}
