package dev.signrelay.local.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Reads an event stream in a background thread and stores all events. */
final class Listener implements AutoCloseable {

  /**
   * A server-sent event.
   *
   * @param type {@code message} if the event has none
   */
  record Event(String type, String data) {

    /** The data, which must be JSON. */
    JsonNode json() {
      try {
        return Json.read(data);
      } catch (Json.MalformedJsonException e) {
        throw new AssertionError(data, e);
      }
    }

    boolean isJob(String id) {
      return type.equals("job") && json().path("id").asText().equals(id);
    }

    /**
     * @param state the name or the label of a state
     */
    boolean isJob(String id, String state) {
      return isJob(id)
          && (json().path("state").asText().equals(state)
              || json().path("label").asText().equals(state));
    }

    /** Whether it is a request to the inbox for a job. */
    boolean isDelivery(String job) {
      return type.equals("delivery") && json().path("job").asText().equals(job);
    }
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpResponse<InputStream> response;
  private final List<Event> events = new ArrayList<>();

  private Listener(HttpResponse<InputStream> response) {
    this.response = response;
    Thread.startVirtualThread(this::read);
  }

  static Listener on(URI url, HttpClient http) throws Exception {
    var request = HttpRequest.newBuilder(url).build();
    return new Listener(http.send(request, HttpResponse.BodyHandlers.ofInputStream()));
  }

  String contentType() {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** Waits for the first event that matches. */
  Event await(Predicate<Event> wanted) {
    return Awaitility.await("an event that matches")
        .atMost(TIMEOUT)
        .until(() -> events().stream().filter(wanted).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  private void read() {
    try (var text = new Scanner(response.body()).useDelimiter("\n\n")) {
      while (text.hasNext()) {
        Event event = parsed(text.next());
        synchronized (this) {
          events.add(event);
        }
      }
    }
  }

  private static Event parsed(String lines) {
    String type = "message";
    String data = "";
    for (String line : lines.split("\n")) {
      String[] field = line.split(": ", 2);
      switch (field[0]) {
        case "event" -> type = field[1];
        case "data" -> data = field[1];
        case "retry" -> {}
        case String other -> throw new AssertionError(other);
      }
    }
    return new Event(type, data);
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
