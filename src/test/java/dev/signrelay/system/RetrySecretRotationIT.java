package dev.signrelay.system;

import static dev.signrelay.system.SecretRotation.NEW_KEY;
import static dev.signrelay.system.SecretRotation.OLD_KEY;
import static dev.signrelay.system.SecretRotation.PROCESSES;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.signrelay.local.CallbackInbox;
import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.system.KeyedUpstream.Call;
import dev.signrelay.system.RotationBatches.Batch;
import dev.signrelay.system.SecretRotation.Turn;
import dev.signrelay.testing.FakeSecretsManager;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SharedResource;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets that change while several processes of RetryFunction handle batches of jobs. */
@Timeout(180)
@Night
@ResourceLock(SharedResource.PROCESSORS)
final class RetrySecretRotationIT {

  private static final String CALLBACK_SECRET = FakeSecretsManager.arn("callback-secret");
  private static final String OLD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW_SECRET = "whsec_bmV3LXNlY3JldC1vZi0yNC1ieXRlcyEh";

  private final SecretRotation rotation = new SecretRotation();
  private CallbackInbox inbox;

  @BeforeEach
  void start() throws IOException {
    inbox = new CallbackInbox("127.0.0.1", 0, _ -> {});
    rotation.secrets().put(CALLBACK_SECRET, OLD_SECRET);
  }

  @AfterEach
  void stop() {
    inbox.close();
    rotation.close();
  }

  @Test
  void noCallFailsDuringARotationAndTheNewKeyIsUsedWithinFiveMinutes() throws Exception {
    List<Batch> batches = rotate(rotation::changeUpstreamKey);

    assertThatEachJobIsDeliveredOnce(batches);
    // Fails on a second call for the same job.
    Map<String, String> used =
        rotation.upstream().calls().stream().collect(toMap(Call::message, Call::key));
    assertThat(batches)
        .filteredOn(batch -> batch.turn().isAfter(0))
        .hasSizeGreaterThan(PROCESSES)
        .flatExtracting(Batch::signing)
        .allMatch(id -> NEW_KEY.equals(used.get(id)));
    assertThat(used.values()).contains(OLD_KEY);
    assertThatEachSecretWasRead();
  }

  @Test
  void anUpstreamThatRefusesTheOldKeyAtOnceRefusesOneBatchOfEachProcess() throws Exception {
    List<Batch> batches = rotate(rotation::replaceUpstreamKey);

    assertThatEachJobIsDeliveredOnce(batches);
    List<String> refused =
        rotation.upstream().calls().stream()
            .filter(call -> call.status() == 401)
            .map(Call::message)
            .toList();
    assertThat(refused).doesNotHaveDuplicates();
    assertThat(batches)
        .filteredOn(batch -> batch.newJobs().stream().anyMatch(refused::contains))
        .isNotEmpty()
        .extracting(batch -> batch.turn().process())
        .doesNotHaveDuplicates();
    assertThatEachSecretWasRead();
  }

  @Test
  void aReceiverThatKnowsBothSecretsAcceptsEachCallbackAndTheNewOneIsUsedWithinFiveMinutes()
      throws Exception {
    List<Batch> batches = rotate(() -> rotation.secrets().put(CALLBACK_SECRET, NEW_SECRET));

    assertThatEachJobIsDeliveredOnce(batches);
    Map<String, Turn> turns = turnsOfDeliveries(batches);
    assertThat(inbox.deliveries())
        .allMatch(d -> isSignedWith(OLD_SECRET, d) || isSignedWith(NEW_SECRET, d))
        .anyMatch(d -> isSignedWith(OLD_SECRET, d))
        .filteredOn(d -> turns.get(d.id()).isAfter(0))
        .hasSizeGreaterThan(PROCESSES)
        .allMatch(d -> isSignedWith(NEW_SECRET, d));
    assertThatEachSecretWasRead();
  }

  /** The receiver changes its only secret five minutes after the first change. */
  @ParameterizedTest
  @ValueSource(strings = {OLD_SECRET + " " + NEW_SECRET, NEW_SECRET + " " + OLD_SECRET})
  void aReceiverThatKnowsOneSecretAcceptsEachCallbackIfBothOverlap(String both) throws Exception {
    List<Batch> batches =
        rotate(
            () -> rotation.secrets().put(CALLBACK_SECRET, both),
            () -> rotation.secrets().put(CALLBACK_SECRET, NEW_SECRET));

    assertThatEachJobIsDeliveredOnce(batches);
    Map<String, Turn> turns = turnsOfDeliveries(batches);
    assertThat(inbox.deliveries())
        .allMatch(d -> isSignedWith(turns.get(d.id()).isAfter(0) ? NEW_SECRET : OLD_SECRET, d))
        .filteredOn(d -> turns.get(d.id()).isAfter(1))
        .hasSizeGreaterThan(PROCESSES)
        .noneMatch(d -> isSignedWith(OLD_SECRET, d));
    assertThatEachSecretWasRead();
  }

  private List<Batch> rotate(Runnable... changes) throws Exception {
    var settings =
        Map.of(
            "CALLBACK_SIGNING_SECRET_ARN",
            CALLBACK_SECRET,
            "CALLBACK_ALLOW_PRIVATE_ADDRESSES",
            "true");
    return rotation.run(
        settings, (services, _) -> RotationBatches.process(services, inbox.url()), changes);
  }

  private void assertThatEachJobIsDeliveredOnce(List<Batch> batches) {
    assertThat(batches).flatExtracting(Batch::failed).isEmpty();
    assertThat(inbox.deliveries())
        .extracting(Delivery::id)
        .containsExactlyInAnyOrderElementsOf(
            batches.stream().flatMap(batch -> batch.newJobs().stream()).toList());
  }

  private void assertThatEachSecretWasRead() {
    assertThat(rotation.log()).noneMatch(event -> event.name().equals("secret not read"));
  }

  private static Map<String, Turn> turnsOfDeliveries(List<Batch> batches) {
    var turns = new HashMap<String, Turn>();
    batches.forEach(batch -> batch.delivering().forEach(id -> turns.put(id, batch.turn())));
    return turns;
  }

  /** Does not check the timestamp: the clocks of the processes are ahead. */
  private static boolean isSignedWith(String secret, Delivery delivery) {
    Map<String, String> headers = delivery.headers();
    long timestamp = Long.parseLong(headers.get("webhook-timestamp"));
    try {
      String expected = new Webhook(secret).sign(delivery.id(), timestamp, delivery.body());
      return Arrays.asList(headers.get("webhook-signature").split(" ")).contains(expected);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
