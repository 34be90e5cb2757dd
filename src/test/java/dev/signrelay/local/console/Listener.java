package dev.signrelay.local.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
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
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Reads an event stream in a background thread and stores all events. */
final class Listener implements AutoCloseable {

  /**
   * A part of a server-sent event.
   *
   * @param type {@code known}, {@code jobs}, {@code deliveries} or {@code metrics}
   */
  record Event(String type, JsonNode json) {

    boolean isJob(String id) {
      return type.equals("jobs") && json.path("id").asText().equals(id);
    }

    boolean isJob(String id, String state) {
      return isJob(id) && json.path("state").asText().equals(state);
    }

    /** Whether it is a request to the inbox for a job. */
    boolean isDelivery(String job) {
      return type.equals("deliveries") && json.path("job").asText().equals(job);
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
        List<Event> parts = parsed(text.next());
        synchronized (this) {
          events.addAll(parts);
        }
      }
    }
  }

  private static List<Event> parsed(String lines) {
    if (lines.startsWith("retry: ")) {
      return List.of();
    }
    try {
      JsonNode json = Json.read(lines.replaceFirst("^data: ", ""));
      Stream<Event> whole =
          Stream.of("known", "metrics")
              .filter(json::has)
              .map(type -> new Event(type, json.path(type)));
      Stream<Event> each =
          Stream.of("jobs", "deliveries")
              .flatMap(type -> json.path(type).valueStream().map(node -> new Event(type, node)));
      return Stream.concat(whole, each).toList();
    } catch (MalformedJsonException e) {
      throw new AssertionError(lines, e);
    }
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
