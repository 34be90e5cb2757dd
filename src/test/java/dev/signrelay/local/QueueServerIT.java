package dev.signrelay.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.ALL;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.QUEUE_ARN;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import dev.signrelay.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The SQS server has the template's queues, except that it ignores retention periods. It answers
 * programs, and refuses browsers at both of its ports.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class QueueServerIT {

  private static final String LIST = "GET /?Action=ListQueues HTTP/1.1\r\nHost: localhost:9324\r\n";

  private static final int MESSAGES = 300;

  private final Template template = Template.read();

  @AutoClose private final QueueServer queues = new QueueServer("127.0.0.1", 0, template, null);

  QueueServerIT() throws IOException {}

  @ParameterizedTest
  @ValueSource(strings = {"RetryQueue", "CallbackQueue", "LineQueue", "DeadLetterQueue"})
  void aQueueIsThatOfTheTemplate(String queue) throws Exception {
    Map<String, Object> properties = template.properties(queue);
    Map<QueueAttributeName, String> attributes = attributes(queues, queue);

    assertThat(queues.queues().urls()).hasSize(4);
    if (properties.get("VisibilityTimeout") instanceof Object seconds) {
      assertThat(attributes)
          .containsEntry(VISIBILITY_TIMEOUT, Integer.toString(template.integer(seconds)));
    }
    if (properties.get("RedrivePolicy") instanceof Object redrive) {
      var policy = Json.read(attributes.get(REDRIVE_POLICY));
      assertThat(policy.path("deadLetterTargetArn").asText())
          .isEqualTo(attributes(queues, "DeadLetterQueue").get(QUEUE_ARN));
      assertThat(policy.path("maxReceiveCount").asInt())
          .isEqualTo(Template.map(redrive).get("maxReceiveCount"));
    }
  }

  @Test
  void aShorterVisibilityTimeoutIsThatOfTheQueuesOfRetryFunctionOnly() throws IOException {
    try (var shorter = new QueueServer("127.0.0.1", 0, template, Duration.ofSeconds(7))) {
      assertThat(attributes(shorter, "RetryQueue")).containsEntry(VISIBILITY_TIMEOUT, "7");
      assertThat(attributes(shorter, "CallbackQueue")).containsEntry(VISIBILITY_TIMEOUT, "7");
      assertThat(attributes(shorter, "LineQueue").get(VISIBILITY_TIMEOUT))
          .isEqualTo(attributes(queues, "LineQueue").get(VISIBILITY_TIMEOUT));
    }
  }

  private static Map<QueueAttributeName, String> attributes(QueueServer server, String queue) {
    return server
        .client()
        .getQueueAttributes(q -> q.queueUrl(server.queues().url(queue)).attributeNames(ALL))
        .attributes();
  }

  @Test
  void aConnectionIsUsedForSeveralRequests() throws IOException {
    String form = "Action=ListQueues";
    String post =
        "POST / HTTP/1.1\r\nHost: host.docker.internal\r\nUser-Agent: sdk\r\nAccept: */*\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + form.length()
            + "\r\n\r\n"
            + form;
    String answers = answer(front(), post + LIST + "\r\n");

    assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(3);
    assertThat(answers.split("ListQueuesResult>", -1)).hasSize(5);
  }

  @Test
  void aPageOfAnotherOriginIsRefused() throws IOException {
    String head = "POST / HTTP/1.1\r\nHost: evil\r\nContent-Length: 100000\r\n\r\n";

    assertThat(answer(front(), head + "x".repeat(100_000)))
        .startsWith("HTTP/1.1 403 ")
        .contains("{\"message\":\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 17\r\nExpect: 100-continue\r\n\r\nAction=ListQueues",
        "Transfer-Encoding: chunked\r\n\r\n11\r\nAction=ListQueues\r\n0\r\n\r\n"
      })
  void aBodyIsPassedOnHoweverItIsSent(String lengthAndBody) throws IOException {
    String form = "Content-Type: application/x-www-form-urlencoded\r\n";

    assertThat(answer(front(), "POST / HTTP/1.1\r\nHost: localhost\r\n" + form + lengthAndBody))
        .contains("HTTP/1.1 200 OK", "ListQueuesResult>");
  }

  @Test
  void aMalformedQueryIsRefused() throws IOException {
    assertThat(answer(front(), "GET /?Action=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .endsWith("{\"message\":\"Bad Request\"}");
  }

  /** Several receivers poll while messages are sent. A lost response would hide its messages. */
  @Test
  void everyMessageIsReceivedOnce() throws InterruptedException {
    SqsClient sqs = queues.client();
    String queue = queues.queues().lineQueueUrl();
    var received = new ConcurrentLinkedQueue<String>();
    try (var receivers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        receivers.execute(
            () -> {
              List<Message> batch = poll(sqs, queue);
              while (!batch.isEmpty()) {
                batch.forEach(message -> received.add(message.body()));
                batch = poll(sqs, queue);
              }
            });
      }
      for (int i = 0; i < MESSAGES; i++) {
        String body = "message " + i;
        sqs.sendMessage(m -> m.queueUrl(queue).messageBody(body));
      }
    }

    assertThat(received).hasSize(MESSAGES).doesNotHaveDuplicates();
  }

  private static List<Message> poll(SqsClient sqs, String queue) {
    return sqs.receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(3).maxNumberOfMessages(2))
        .messages();
  }

  /** The fewest headers that a browser sends, found by a page that tries all ports. */
  @Test
  void theHiddenPortRefusesTheHeadersOfABrowser() throws IOException {
    var hidden = queues.hiddenAddress();
    var browser =
        List.of(
            "User-Agent: Mozilla/5.0", "Accept: */*", "Accept-Language: en", "Connection: close");

    assertThat(answer(hidden, LIST + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(answer(hidden, LIST + String.join("\r\n", browser) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  private InetSocketAddress front() {
    URI endpoint = queues.endpoint();
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.getPort());
  }

  /** Sends requests and no more, and returns everything that is answered. */
  private static String answer(InetSocketAddress server, String requests) throws IOException {
    try (var socket = new Socket(server.getAddress(), server.getPort())) {
      socket.getOutputStream().write(requests.getBytes(US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }
}
