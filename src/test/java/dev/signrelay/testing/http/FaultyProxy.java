package dev.signrelay.testing.http;

import dev.signrelay.testing.http.RawServer.Connection;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes requests on to an AWS server, whose answers it loses. */
public final class FaultyProxy implements ConnectionHandler {

  /** Set by the client or by {@link ConnectionHandlers#response}. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of("host", "content-length", "connection", "expect", "transfer-encoding");

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;
  private final AtomicInteger losses = new AtomicInteger();
  private volatile String losing = "";

  public FaultyProxy(URI server) {
    this.server = server;
  }

  /** Loses the next answers to an operation. The requests reach the server. */
  public void loseAnswers(String operation, int count) {
    losing = operation;
    losses.set(count);
  }

  @Override
  public void handle(Connection connection) throws IOException {
    while (true) {
      RecordedRequest request = connection.readRequest();
      HttpResponse<byte[]> response = passOn(request);
      if (isLost(request)) {
        return;
      }
      var headers = new StringBuilder();
      response
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!NOT_PASSED_ON.contains(name)) {
                  headers.append(name).append(": ").append(values.getFirst()).append("\r\n");
                }
              });
      connection.write(
          ConnectionHandlers.response(response.statusCode(), headers.toString(), response.body()));
    }
  }

  private boolean isLost(RecordedRequest request) {
    return request.header("X-Amz-Target").endsWith("." + losing)
        && losses.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  private HttpResponse<byte[]> passOn(RecordedRequest request) throws IOException {
    var copy =
        HttpRequest.newBuilder(server.resolve(request.line().split(" ")[1]))
            .method(request.line().split(" ")[0], BodyPublishers.ofByteArray(request.body()));
    request.headerNames().stream()
        .filter(name -> !NOT_PASSED_ON.contains(name))
        .forEach(name -> copy.header(name, request.header(name)));
    try {
      return http.send(copy.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }
}
