package dev.signrelay.testing;

import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.KeyRefused;
import dev.signrelay.job.SigningOutcome.Rejected;
import java.time.Duration;

/** What is given for a request to sign, in words. */
public final class Given {

  private Given() {}

  /**
   * Prepares services.
   *
   * @param words such as {@code table fails=7001}, or a setting and its value. Times are in
   *     milliseconds.
   */
  public static void prepare(FakeServices fakes, String words) {
    for (String word : words.split(" ")) {
      String[] parts = word.split("=", 2);
      Duration time = parts.length > 1 && parts[1].matches("\\d+") ? millis(parts[1]) : null;
      switch (parts[0]) {
        case "nothing" -> {}
        case "table" -> fakes.with("JOB_TABLE", "jobs");
        case "table-down" -> fakes.jobTable.isDown = true;
        case "queue-down" -> fakes.queueIsDown = true;
        case "limiter-down" -> fakes.limiter.isDown = true;
        case "line-unknown" -> fakes.limiter.lineIsKnown = false;
        case "wait" -> fakes.limiter.wait = time;
        case "expected" -> fakes.limiter.expectedWait = time;
        case "keys-unknown" -> fakes.clientKeysAreKnown = false;
        case "upstream-key-unknown" -> fakes.upstreamKeyIsKnown = false;
        case "connects-late" -> fakes.connectsInTime = false;
        case "fails" -> fakes.upstream = _ -> new Failed("http-503", time);
        case "no-retries" ->
            fakes.with("RETRY_MAX_ATTEMPTS", "1").with("RETRY_GIVE_UP_AFTER_SECONDS", "0");
        case "refuses-key" -> fakes.upstream = _ -> new KeyRefused("http-401", null);
        case "rejects" -> fakes.upstream = _ -> new Rejected("http-422");
        case "breaks" -> fakes.upstream = Given::breakDown;
        default -> fakes.with(parts[0], parts[1]);
      }
    }
  }

  private static Duration millis(String number) {
    return Duration.ofMillis(Long.parseLong(number));
  }

  private static SigningOutcome breakDown(String message) {
    throw new IllegalStateException(message);
  }
}
