package dev.signrelay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.client.ClientPlaces.Answer;
import dev.signrelay.client.ClientPlaces.Answer.NoneLeft;
import dev.signrelay.client.ClientPlaces.Answer.Taken;
import dev.signrelay.client.ClientPlaces.PlacesUnavailableException;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.SystemTime;
import dev.signrelay.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbClientPlacesIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration WAIT = Duration.ofMinutes(3);

  private final String client = UUID.randomUUID().toString();
  private final FakeTime time = new FakeTime();
  private DynamoDbServer server;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void aClientHasAtMostItsPlacesAndOthersHaveTheirs() {
    ClientPlaces places = places(2);

    assertThat(take(places, client)).isInstanceOf(Taken.class);
    assertThat(take(places, client)).isInstanceOf(Taken.class);
    assertThat(take(places, client)).isInstanceOf(NoneLeft.class);
    assertThat(take(places, "another-" + client)).isInstanceOf(Taken.class);
  }

  @Test
  void aPlaceIsFreeAgainAfterTheWaitThatIsTold() {
    String name = "again-" + client;
    ClientPlaces places = places(1);
    take(places, name);
    var refused = (NoneLeft) take(places, name);

    time.advance(refused.retryAfter().minusMillis(1));
    assertThat(take(places, name)).isInstanceOf(NoneLeft.class);
    time.advance(Duration.ofMillis(1));
    assertThat(take(places, name)).isInstanceOf(Taken.class);
  }

  @Test
  void aPlaceThatIsGivenBackIsFreeAtOnce() {
    String name = "back-" + client;
    ClientPlaces places = places(1);
    places.giveBack(name, (Taken) take(places, name), TIMEOUT);

    assertThat(take(places, name)).isInstanceOf(Taken.class);
    assertThat(take(places, name)).isInstanceOf(NoneLeft.class);
  }

  @Test
  void theTimeThatIsToldIsThatOfTheOthersPlaces() {
    String name = "others-" + client;
    ClientPlaces places = places(1);
    places.take(name, Duration.ofMinutes(10), TIMEOUT);

    var refused = (NoneLeft) places.take(name, Duration.ofSeconds(1), TIMEOUT);
    assertThat(refused.retryAfter()).isGreaterThan(Duration.ofMinutes(10));
  }

  @Test
  void refusedJobsTakeNoPlaces() {
    String name = "refused-" + client;
    take(places(1), name);
    for (int i = 0; i < 5; i++) {
      take(places(1), name);
    }

    assertThat(take(places(2), name)).isInstanceOf(Taken.class);
  }

  @Test
  void ofManyJobsAtOnceNoMoreThanThePlacesAreTaken() throws Exception {
    String name = "many-" + client;
    ClientPlaces places = places(10, new SystemTime());
    Callable<Answer> job = () -> take(places, name);
    List<Answer> answers = new ArrayList<>();
    try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : together.invokeAll(Stream.generate(() -> job).limit(40).toList())) {
        answers.add(answer.get());
      }
    }

    assertThat(answers.stream().filter(Taken.class::isInstance)).hasSizeBetween(1, 10);
    while (take(places, name) instanceof Taken) {
      answers.add(new Taken(0));
    }
    assertThat(answers.stream().filter(Taken.class::isInstance)).hasSize(10);
  }

  @Test
  void whatIsPastIsRemoved() {
    String name = "past-" + client;
    for (int i = 0; i < 60; i++) {
      take(places(1), name);
      time.advance(WAIT.multipliedBy(2));
    }

    Map<String, AttributeValue> item =
        server
            .client()
            .getItem(
                g ->
                    g.tableName(DynamoDbServer.JOB_TABLE)
                        .key(Map.of("id", AttributeValue.fromS("client#" + name))))
            .item();
    assertThat(item).hasSizeLessThan(60).containsKey("expiresAt");
  }

  @Test
  void aMissingTableIsUnavailable() {
    var missing = new DynamoDbClientPlaces(server::client, "missing", 1, time);

    assertThatThrownBy(() -> take(missing, client)).isInstanceOf(PlacesUnavailableException.class);
  }

  private static Answer take(ClientPlaces places, String client) {
    return places.take(client, WAIT, TIMEOUT);
  }

  private ClientPlaces places(int most) {
    return places(most, time);
  }

  private ClientPlaces places(int most, TimeSource clock) {
    return new DynamoDbClientPlaces(server::client, DynamoDbServer.JOB_TABLE, most, clock);
  }
}
