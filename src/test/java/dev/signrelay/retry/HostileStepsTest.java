package dev.signrelay.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.limit.RateLimiter.GrantAnswer;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HostileStepsTest {

  private static NeedsSignature job(int n) {
    return NeedsSignature.first(
        new Acceptance("job-" + n, URI.create("https://receiver.example/in"), Instant.now()), "m");
  }

  /** A step that is started between the two questions of the loop is abandoned. */
  @Test
  void aStepThatStartsRightBeforeTheLastQuestionIsCarriedOut() throws Exception {
    var fakes = new FakeServices(new Real());
    var interrupted = new AtomicInteger();
    fakes.upstream =
        m -> {
          try {
            Thread.sleep(300);
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
          }
          return new Signed("signature");
        };
    List<ReceivedMessage> done = Collections.synchronizedList(new ArrayList<>());
    Instant end = Instant.now().plusSeconds(20);
    var steps = new RunningSteps(fakes.services(), true, end, done::addAll, _ -> {});
    var started = new AtomicInteger();
    steps.carryOutAll(
        () -> {
          // What the thread of the drain may do right before this one asks.
          if (started.getAndIncrement() == 0) {
            steps.start(
                new ReceivedMessage("a", "", JobCodec.encode(job(1)), false),
                JobQueue.LINE,
                end,
                t -> new GrantAnswer.Granted(Grant.unlimited(Instant.now())),
                () -> {});
          }
          return true;
        });
    Thread.sleep(500);
    assertThat(done).hasSize(1);
  }

  /** The second thread cannot be started. */
  @Test
  void aThreadThatCannotStartLeavesNoStepRunning() throws Exception {
    var ended = new CountDownLatch(1);
    var how = new ArrayList<String>();
    var time = new FailingTime();
    var fakes = new FakeServices(time);
    fakes.upstream =
        m -> {
          try {
            Thread.sleep(2_000);
            how.add("ran on");
          } catch (InterruptedException e) {
            how.add("interrupted");
          }
          ended.countDown();
          return new Signed("signature");
        };
    var messages = new ArrayList<SQSMessage>();
    for (int i = 0; i < 2; i++) {
      var message = new SQSMessage();
      message.setMessageId("m" + i);
      message.setBody(JobCodec.encode(job(i)));
      message.setEventSourceArn("arn:aws:sqs:eu-central-1:1:retry");
      messages.add(message);
    }
    assertThatThrownBy(
            () -> new RetryWorkflow(fakes.services(), Duration.ofSeconds(20)).run(messages))
        .isInstanceOf(OutOfMemoryError.class);
    ended.await(5, TimeUnit.SECONDS);
    assertThat(how).containsExactly("interrupted");
  }

  private static class Real extends dev.signrelay.testing.FakeTime {
    private final SystemTime real = new SystemTime();

    @Override
    public Instant instant() {
      return Instant.now();
    }

    @Override
    public boolean sleepUntil(Instant t) {
      return real.sleepUntil(t);
    }

    @Override
    public <T> T poll(java.util.concurrent.BlockingQueue<T> q, Duration t)
        throws InterruptedException {
      return real.poll(q, t);
    }
  }

  private static final class FailingTime extends Real {
    @Override
    public ExecutorService newExecutor() {
      var n = new AtomicInteger();
      return Executors.newThreadPerTaskExecutor(
          r -> {
            if (n.incrementAndGet() > 1) {
              try {
                Thread.sleep(300);
              } catch (InterruptedException e) {
              }
              throw new OutOfMemoryError("unable to create native thread");
            }
            Thread t = new Thread(r);
            t.setDaemon(true);
            return t;
          });
    }
  }
}
