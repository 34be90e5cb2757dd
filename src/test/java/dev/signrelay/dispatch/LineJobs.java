package dev.signrelay.dispatch;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Jobs for the line. */
final class LineJobs {

  private LineJobs() {}

  static NeedsSignature job(int n) {
    return new NeedsSignature(
        new Acceptance("id-" + n, URI.create("https://receiver.example/in"), FakeServices.START),
        "the-message",
        1,
        null);
  }

  /** A job whose result is not wanted any more after a time. */
  static NeedsSignature job(int n, Duration validFor) {
    var acceptance =
        new Acceptance(
            "id-" + n,
            job(n).acceptance().callbackUrl(),
            FakeServices.START,
            FakeServices.START.plus(validFor),
            "");
    return new NeedsSignature(acceptance, "the-message", 1, null);
  }

  /** Lets the jobs 1 to n join the line. */
  static void join(FakeServices fakes, int jobs) {
    IntStream.rangeClosed(1, jobs).forEach(n -> fakes.line.join(job(n)));
  }

  /** The ids of the jobs 1 to n. */
  static List<String> ids(int jobs) {
    return IntStream.rangeClosed(1, jobs).mapToObj(n -> "id-" + n).toList();
  }

  /** The receipts of the jobs 1 to n. */
  static List<String> receipts(int jobs) {
    return IntStream.rangeClosed(1, jobs).mapToObj(n -> "receipt-" + n).toList();
  }

  /** The ids of the jobs that were sent to a queue. */
  static List<String> sent(FakeServices fakes) {
    return fakes.sent.stream().map(Sent::job).map(job -> job.id()).toList();
  }
}
