package dev.signrelay.system;

import static dev.signrelay.system.SecretRotation.NEW_KEY;
import static dev.signrelay.system.SecretRotation.OLD_KEY;
import static dev.signrelay.system.SecretRotation.PROCESSES;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Services;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.system.KeyedUpstream.Call;
import dev.signrelay.system.SecretRotation.Turn;
import dev.signrelay.testing.FakeSecretsManager;
import dev.signrelay.testing.JumpingTime;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SharedResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Secrets that change while several processes of SignFunction handle requests. */
@Timeout(180)
@Night
@ResourceLock(SharedResource.PROCESSORS)
final class SecretRotationIT {

  private static final String CLIENT_KEYS = FakeSecretsManager.arn("client-keys");
  private static final String OLD_CLIENT = "old-client-key-0123456789";
  private static final String NEW_CLIENT = "new-client-key-0123456789";

  private final SecretRotation rotation = new SecretRotation();

  /** The key of clients, once the rotation has been over for long enough. */
  private volatile String clientKeyAfterwards = OLD_CLIENT;

  private record Request(Turn turn, String message, String status) {}

  @BeforeEach
  void start() {
    rotation.secrets().put(CLIENT_KEYS, OLD_CLIENT);
  }

  @AfterEach
  void stop() {
    rotation.close();
  }

  @Test
  void noRequestFailsDuringARotationAndTheNewKeysAreUsedWithinFiveMinutes() throws Exception {
    clientKeyAfterwards = NEW_CLIENT;
    List<Request> requests =
        rotate(
            () -> {
              rotation.changeUpstreamKey();
              rotation.secrets().put(CLIENT_KEYS, OLD_CLIENT + " " + NEW_CLIENT);
            });

    Map<String, String> used =
        rotation.upstream().calls().stream()
            .filter(call -> !call.message().equals("warm-up"))
            .collect(toMap(Call::message, Call::key));
    assertThat(requests).allMatch(request -> request.status.equals("signed"));
    assertThat(requests)
        .filteredOn(request -> request.turn.isAfter(0))
        .hasSizeGreaterThan(PROCESSES)
        .allMatch(request -> NEW_KEY.equals(used.get(request.message)));
    assertThat(used.values()).contains(OLD_KEY);
    assertThat(rotation.log()).noneMatch(event -> event.name().equals("secret not read"));
  }

  @Test
  void anUpstreamThatRefusesTheOldKeyAtOnceRefusesOneCallOfEachProcess() throws Exception {
    List<Request> requests = rotate(rotation::replaceUpstreamKey);

    for (int process = 0; process < PROCESSES; process++) {
      int number = process;
      assertThat(requests)
          .filteredOn(request -> request.turn.process() == number)
          .filteredOn(request -> !request.status.equals("signed"))
          .extracting(Request::status)
          .containsExactly("unsigned");
    }
    assertThat(rotation.upstream().calls()).extracting(Call::key).contains(NEW_KEY);
  }

  @Test
  void anOutageOfSecretsManagerFailsNoRequestOfARunningProcess() throws Exception {
    List<Request> requests = rotate(() -> rotation.secrets().fail(500, "InternalServiceError"));

    assertThat(requests).isNotEmpty().allMatch(request -> request.status.equals("signed"));
    assertThat(rotation.log()).anyMatch(event -> event.name().equals("secret not read"));
  }

  private List<Request> rotate(Runnable change) throws Exception {
    return rotation.run(Map.of("CLIENT_API_KEYS_ARN", CLIENT_KEYS), this::process, change);
  }

  /** Handles one request in each turn. */
  private Function<Turn, Request> process(Services services, JumpingTime time) {
    var function =
        new LambdaFunction("SignFunction", new SignHandler(services), Duration.ofSeconds(5));
    // The first requests load classes, which may take longer than a response may.
    for (int i = 0; i < 20 && !sign(function, "warm-up", OLD_CLIENT).equals("signed"); i++) {
      time.jump(Duration.ofSeconds(1));
    }
    return turn -> {
      String message = turn.process() + "-" + turn.number();
      String key = turn.isAfter(0) ? clientKeyAfterwards : OLD_CLIENT;
      return new Request(turn, message, sign(function, message, key));
    };
  }

  private static String sign(LambdaFunction function, String message, String clientKey) {
    JsonNode answer =
        function.invoke(
            Json.writeAscii(
                Map.of(
                    "rawQueryString",
                    "message=" + message,
                    "headers",
                    Map.of("x-api-key", clientKey))));
    return answer.path("headers").path("X-Sign-Status").asText();
  }
}
