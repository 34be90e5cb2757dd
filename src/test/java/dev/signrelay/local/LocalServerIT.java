package dev.signrelay.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.signrelay.testing.DiscardsErrors;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DiscardsErrors
final class LocalServerIT {

  private final CountDownLatch ended = new CountDownLatch(1);
  @AutoClose private final LocalServer server = new LocalServer("127.0.0.1", 0, this::handle);

  LocalServerIT() throws IOException {}

  private void handle(Exchange exchange) throws IOException, InterruptedException {
    switch (exchange.path()) {
      case "/stream" -> stream(exchange);
      case "/defect" -> throw new IllegalStateException("expected by the test");
      case "/abort" -> exchange.abort();
      case String _ -> exchange.respond(200, "text/plain", "a page");
    }
  }

  private void stream(Exchange exchange) throws IOException, InterruptedException {
    try (OutputStream out = exchange.stream("text/event-stream")) {
      while (true) {
        out.write("data: x\n\n".getBytes(ISO_8859_1));
        Thread.sleep(50);
      }
    } finally {
      ended.countDown();
    }
  }

  @Test
  void aPortInUseIsReported() {
    int port = server.url().getPort();

    assertThatIOException()
        .isThrownBy(() -> new LocalServer("127.0.0.1", port, this::handle))
        .withMessage("port " + port + " is already in use");
  }

  @Test
  void aHeadHasTheHeadersOfAGetAndNoBody() throws IOException {
    String get = answer("GET /");
    String head = answer("HEAD /");

    assertThat(get).contains("Content-Length: 6\r\n").endsWith("\r\n\r\na page");
    assertThat(head).contains("Content-Length: 6\r\n").endsWith("\r\n\r\n");
  }

  @Test
  void anUnexpectedExceptionIsAnsweredInJson() throws IOException {
    assertThat(answer("GET /defect"))
        .startsWith("HTTP/1.1 500 ")
        .endsWith("{\"message\":\"Server Error\"}");
  }

  /** A client would send its next request on the same connection, which Jetty closes. */
  @Test
  void theResponseToAUrlThatIsTooLongEndsTheConnection() throws IOException {
    assertThat(answer("GET /" + "x".repeat(70_000)))
        .startsWith("HTTP/1.1 414 ")
        .contains("Connection: close\r\n");
  }

  @Test
  void anAbortedRequestHasNoResponse() throws IOException {
    assertThat(answer("GET /abort")).isEmpty();
  }

  @Test
  void aStreamEndsWhenItsClientGoes() throws Exception {
    try (Socket client = send("GET /stream")) {
      assertThat(client.getInputStream().read()).isEqualTo('H');
    }

    ended.await();
  }

  @Test
  void closingDoesNotWaitForAStream() throws Exception {
    try (Socket client = send("GET /stream")) {
      assertThat(client.getInputStream().read()).isEqualTo('H');

      server.close();

      client.getInputStream().readAllBytes();
    }
    ended.await();
  }

  private String answer(String methodAndTarget) throws IOException {
    try (Socket socket = send(methodAndTarget)) {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private Socket send(String methodAndTarget) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.url().getPort());
    String request = methodAndTarget + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }
}
