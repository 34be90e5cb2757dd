package dev.signrelay.priming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.priming.LoopbackServer.Response;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LoopbackServerIT {

  /** A call that its timeout ends leaves such a request behind. */
  @Test
  @Timeout(20)
  void aRequestWithoutItsEndDoesNotBlockTheNextOne() throws IOException {
    try (var server = LoopbackServer.start(_ -> new Response(200, "answer"));
        var abandoned = connect(server)) {
      send(abandoned, "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n");

      try (var next = connect(server)) {
        send(next, "GET / HTTP/1.1\r\n\r\n");

        assertThat(new String(next.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .endsWith("answer");
      }
    }
  }

  private static Socket connect(LoopbackServer server) throws IOException {
    return server
        .tls()
        .client()
        .getSocketFactory()
        .createSocket("localhost", server.url().getPort());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
