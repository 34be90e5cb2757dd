package dev.signrelay.local.console;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Answer;
import dev.signrelay.local.UnreliableSigner.Behaviour;
import dev.signrelay.local.history.Histories;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A system with its console, on free ports, with short delays and few attempts. */
record ConsoleRun(LocalSystem system, HttpClient http) implements AutoCloseable {

  /** The mode {@code flaky} in these tests: the first call for each message fails. */
  private static final Behaviour FAILS_ONCE =
      (_, call) -> call == 1 ? new Answer.Fail(500) : new Answer.Sign();

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0",
          "CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "5",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "1",
          "RETRY_MAX_ATTEMPTS", "3",
          "RETRY_GIVE_UP_AFTER_SECONDS", "0",
          "CALLBACK_MAX_DELAY_SECONDS", "1",
          "CALLBACK_MAX_ATTEMPTS", "2",
          "CALLBACK_GIVE_UP_AFTER_SECONDS", "0");

  static ConsoleRun start() throws IOException {
    return start(Map.of(), 0);
  }

  /**
   * @param changed settings that replace those of these tests
   * @param port of the console; 0: any free port
   */
  static ConsoleRun start(Map<String, String> changed, int port) throws IOException {
    var settings = new HashMap<>(SETTINGS);
    settings.putAll(changed);
    var console = new Console(new SystemTime(), new Histories(new SystemTime(), _ -> {}));
    var system =
        new LocalSystem(
            new LocalSystem.Setup(
                "127.0.0.1",
                new LocalSystem.Ports(port, 0, 0, 0, 0),
                settings,
                FAILS_ONCE,
                0,
                null,
                Duration.ofSeconds(1)),
            console.recording(_ -> {}),
            delivery -> console.callbackArrived(delivery, null));
    console.open(system, FAILS_ONCE);
    return new ConsoleRun(system, HttpClient.newHttpClient());
  }

  URI url(String path) {
    return system.front().url().resolve(path);
  }

  /** Sends a change like the console's page. */
  HttpResponse<String> change(String path) {
    return send(post(path));
  }

  HttpRequest.Builder post(String path) {
    return HttpRequest.newBuilder(url(path)).POST(HttpRequest.BodyPublishers.noBody());
  }

  /** Sends a sign request with a callback to the inbox. Returns the job's id. */
  String sign(String message) {
    return client().sign(message, system.inbox().url()).requestId();
  }

  ApiClient client() {
    return new ApiClient(system.signUrl(), http, Map.of());
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(url(path)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    system.close();
  }
}
