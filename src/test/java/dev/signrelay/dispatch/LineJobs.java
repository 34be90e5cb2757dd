package dev.signrelay.dispatch;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.testing.FakeServices;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Jobs for the line. */
final class LineJobs {

  private LineJobs() {}

  static NeedsSignature job(int n) {
    return job(n, null);
  }

  /**
   * @param validFor how long its result is wanted; null: as long as it takes
   */
  static NeedsSignature job(int n, @Nullable Duration validFor) {
    var acceptance =
        new Acceptance(
            "id-" + n,
            URI.create("https://receiver.example/in"),
            FakeServices.START,
            validFor == null ? null : FakeServices.START.plus(validFor),
            "");
    return new NeedsSignature(acceptance, "message-" + n, 1, null);
  }

  /** Lets the jobs 1 to n join the line. */
  static void join(FakeServices fakes, int jobs) {
    IntStream.rangeClosed(1, jobs).forEach(n -> fakes.line.join(job(n)));
  }

  /** Lets the jobs 1 to n, which have expired, join the line. */
  static void joinExpired(FakeServices fakes, int jobs) {
    IntStream.rangeClosed(1, jobs).forEach(n -> fakes.line.join(job(n, Duration.ZERO)));
  }

  /** The receipts of the jobs 1 to n. */
  static List<String> receipts(int jobs) {
    return IntStream.rangeClosed(1, jobs).mapToObj(n -> "receipt-" + n).toList();
  }

  /** The ids of the jobs that were sent to a queue. */
  static List<String> sent(FakeServices fakes) {
    return fakes.sent.stream().map(FakeServices.Sent::job).map(Job::id).toList();
  }

  /** The ids of the jobs 1 to n. */
  static List<String> ids(int jobs) {
    return IntStream.rangeClosed(1, jobs).mapToObj(n -> "id-" + n).toList();
  }
}
