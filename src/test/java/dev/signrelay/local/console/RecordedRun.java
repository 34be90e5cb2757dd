package dev.signrelay.local.console;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Behaviour;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A local run on free ports whose log events and requests are recorded. */
record RecordedRun(LocalSystem system, HttpClient http, List<Event> events, List<Request> requests)
    implements AutoCloseable {

  /** A log event of a function. */
  record Event(Instant at, LogEvent event) {

    boolean isOf(String id) {
      return id.equals(event.fields().get("id"));
    }

    String field(String name) {
      return String.valueOf(event.fields().get(name));
    }

    double number(String name) {
      return ((Number) event.fields().get(name)).doubleValue();
    }
  }

  /** A request and its response, as the client sees them. */
  record Request(Instant start, Instant end, String id, int status, String signStatus) {}

  /**
   * @param settings override the template's
   */
  static RecordedRun start(Map<String, String> settings, Behaviour behaviour) throws IOException {
    var console = new Console(new SystemTime());
    var events = new CopyOnWriteArrayList<Event>();
    EventLog log = event -> events.add(new Event(Instant.now(), event));
    EventLog recording = console.recording(_ -> {});
    var system =
        new LocalSystem(
            new LocalSystem.Setup(
                "127.0.0.1",
                LocalSystem.Ports.ANY,
                settings,
                behaviour,
                0,
                null,
                Duration.ofSeconds(5)),
            event -> {
              log.write(event);
              recording.write(event);
            },
            delivery -> console.callbackArrived(delivery, null));
    console.open(system, behaviour);
    return new RecordedRun(
        system, HttpClient.newHttpClient(), events, new CopyOnWriteArrayList<>());
  }

  URI url(String path) {
    return system.front().url().resolve(path);
  }

  /** Sends a request whose signature is wanted by callback. */
  Request sign(String message) {
    Instant start = Instant.now();
    HttpResponse<String> response =
        get(
            "/crypto/sign?message=%s&callback_url=%s"
                .formatted(encoded(message), encoded(system.inbox().url())));
    var request =
        new Request(
            start,
            Instant.now(),
            response.headers().firstValue("X-Request-Id").orElse(""),
            response.statusCode(),
            response.headers().firstValue("X-Sign-Status").orElse(""));
    requests.add(request);
    return request;
  }

  private HttpResponse<String> get(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(url(path)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
    system.close();
  }
}
