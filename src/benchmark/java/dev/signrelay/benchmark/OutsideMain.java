package dev.signrelay.benchmark;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;

/**
 * All that functions talk to: {@code KEY_STORE}. Prints where it is, then {@code ready}, and ends
 * when its input does.
 */
final class OutsideMain {

  private static final String BIND = "127.0.0.1";
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofMinutes(15);

  private OutsideMain() {}

  static void main(String[] args) throws IOException, GeneralSecurityException {
    Template template = Template.read();
    var queues = new QueueServer(BIND, 0, template, VISIBILITY_TIMEOUT);
    var table = new DynamoDbServer(BIND, 0, template);
    HttpsServer https = HttpsServer.create(HttpAnswer.anyPort(), 1_000);
    https.setHttpsConfigurator(new HttpsConfigurator(Certificate.serverContext(Path.of(args[0]))));
    tell("https", "https://localhost:" + HttpAnswer.start(https, new Upstream()));
    tell(
        "http",
        "http://localhost:"
            + HttpAnswer.start(HttpServer.create(HttpAnswer.anyPort(), 1_000), new Upstream()));
    HttpServer counter = HttpServer.create(HttpAnswer.anyPort(), 1_000);
    tell(
        "sqs-counter",
        "http://localhost:" + HttpAnswer.start(counter, new SqsCounter(queues.endpoint())));
    tell("sqs", queues.endpoint().toString());
    tell("retry-queue", queues.retryQueueUrl());
    tell("dead-letter-queue", queues.deadLetterQueueUrl());
    tell("dynamodb", table.endpoint().toString());
    tell("table", table.tableName());
    System.out.println("ready");
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private static void tell(String name, String value) {
    System.out.println("outside " + name + " " + value);
  }
}
