package dev.signrelay.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SQS server answers programs, and refuses browsers at both of its ports. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class QueueFrontIT {

  private static final String LIST = "GET /?Action=ListQueues HTTP/1.1\r\nHost: localhost:9324\r\n";

  private QueueServer queues;

  @BeforeAll
  void start() throws IOException {
    queues = new QueueServer("127.0.0.1", 0, Template.read(), null);
  }

  @AfterAll
  void stop() {
    queues.close();
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

  @ParameterizedTest
  @ValueSource(
      strings = {"Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Host: evil"})
  void aPageOfAnotherOriginIsRefused(String header) throws IOException {
    String form = "x".repeat(100_000);
    String answer =
        answer(
            front(),
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n%s\r\n\r\n%s"
                .formatted(header, form));

    assertThat(answer).startsWith("HTTP/1.1 403 ").contains("{\"message\":\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Transfer-Encoding: chunked", "Content-Length: -1", "Content-Length: 1e9"})
  void aBodyOfUnknownLengthIsRefused(String header) throws IOException {
    assertThat(answer(front(), LIST + header + "\r\n\r\n")).startsWith("HTTP/1.1 411 ");
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

  @Test
  void aPortInUseIsReported() {
    int port = queues.endpoint().getPort();

    assertThatExceptionOfType(PortInUseException.class)
        .isThrownBy(() -> new QueueServer("127.0.0.1", port, Template.read(), null))
        .satisfies(e -> assertThat(e.port()).isEqualTo(port));
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
