package dev.signrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeTime;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HostileDispatchTest {
  @Test
  void batchThreadCannotStart() {
    go(1, 2);
  }

  @Test
  void stepThreadCannotStart() {
    go(2, 1);
  }

  private static void go(int executor, int thread) {
    var executors = new AtomicInteger();
    var time =
        new FakeTime() {
          @Override
          public ExecutorService newExecutor() {
            int e = executors.incrementAndGet();
            var n = new AtomicInteger();
            return Executors.newThreadPerTaskExecutor(
                r -> {
                  if (n.incrementAndGet() == thread && e == executor) {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                  Thread t = new Thread(r);
                  t.setDaemon(true);
                  return t;
                });
          }
        };
    var fakes = new FakeServices(time);
    fakes.line.join(
        NeedsSignature.first(
            new Acceptance("job-1", URI.create("https://receiver.example/in"), FakeServices.START),
            "m"));
    var start = time.instant();
    var result = new DispatchWorkflow(fakes.services(), Duration.ofSeconds(119)).run();
    assertThat(result.dispatched()).isZero();
    assertThat(Duration.between(start, time.instant())).isLessThan(Duration.ofSeconds(30));
    assertThat(fakes.log).extracting(LogEvent::name).contains("unexpected failure");
  }
}
