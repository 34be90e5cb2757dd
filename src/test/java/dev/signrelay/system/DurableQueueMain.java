package dev.signrelay.system;

import dev.signrelay.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.persistence.CreateQueueMetadata;
import org.elasticmq.persistence.sql.SqlQueuePersistenceActor;
import org.elasticmq.persistence.sql.SqlQueuePersistenceConfig;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import scala.Option;
import scala.collection.immutable.List$;
import scala.util.Either;

/**
 * ElasticMQ with its queues and messages on disk, in a separate process. Arguments: {@code PORT
 * DATABASE_FILE}. It assembles the same components as ElasticMQ's standalone server, which is not
 * available as a library. Unlike that server, it accepts requests only after all queues have been
 * restored.
 */
final class DurableQueueMain {

  private static final Duration RESTORE_TIMEOUT = Duration.ofSeconds(30);

  private DurableQueueMain() {}

  static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    ActorSystem actors = ActorSystem.create("elasticmq");
    ActorRef disk =
        actors.actorOf(
            Props.create(
                SqlQueuePersistenceActor.class,
                database(Path.of(args[1])),
                List$.MODULE$.<CreateQueueMetadata>empty()));
    ActorRef queues =
        actors.actorOf(
            Props.create(
                QueueManagerActor.class,
                new NowProvider(),
                StrictSQSLimits$.MODULE$,
                Option.apply(disk)));
    restore(disk, queues);
    SQSRestServerBuilder.withPort(port)
        .withInterface("127.0.0.1")
        .withActorSystem(actors)
        .withQueueManagerActor(queues)
        .withQueueEventListener(disk)
        .start()
        .waitUntilStarted();
    ChildJvm.exitWithParent();
  }

  /**
   * Without a write delay, H2 writes each commit to the operating system immediately, so that it
   * survives a killed process. With the default of 500 ms, a killed server loses messages that it
   * has confirmed.
   */
  private static SqlQueuePersistenceConfig database(Path file) {
    return new SqlQueuePersistenceConfig(
        true, "org.h2.Driver", "jdbc:h2:file:" + file + ";WRITE_DELAY=0", "", "", false);
  }

  private static void restore(ActorRef disk, ActorRef queues) throws Exception {
    Object restored =
        Patterns.ask(disk, new QueueEvent.Restore(queues), RESTORE_TIMEOUT)
            .toCompletableFuture()
            .get(RESTORE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    if (((Either<?, ?>) restored).isLeft()) {
      throw new IllegalStateException("Cannot restore the queues: " + restored);
    }
  }
}
