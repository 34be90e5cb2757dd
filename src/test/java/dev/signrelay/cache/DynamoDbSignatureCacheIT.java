package dev.signrelay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.cache.SignatureCache.CacheUnavailableException;
import dev.signrelay.cache.SignatureCache.Entry.Leased;
import dev.signrelay.cache.SignatureCache.Entry.Vacant;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.TestTables;
import dev.signrelay.testing.http.FaultyProxy;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.upstream.ApiKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Runs the contract on DynamoDB Local. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbSignatureCacheIT extends SignatureCacheContract {

  private static final URI UPSTREAM = URI.create("https://upstream.example");
  private static final ApiKey KEY = new ApiKey("key");

  private DynamoDbServer server;
  private String table;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  SignatureCache emptyCache() {
    table = TestTables.create(server.client());
    return cache(server.client(), UPSTREAM, KEY);
  }

  private SignatureCache cache(DynamoDbClient client, URI upstream, ApiKey key) {
    return new DynamoDbSignatureCache(
        () -> client, table, REUSE, upstream, Secret.fixed(key), time);
  }

  /** {@code printf 'https://upstream.example\nhello' | openssl dgst -sha256 -hmac key}. */
  @Test
  void theItemHasAKeyedHashOfTheMessageAndATimeToLive() {
    cache.store("hello", "signature", NOW, TIMEOUT);

    Map<String, AttributeValue> item = items().getFirst();
    assertThat(item.get("id").s())
        .isEqualTo("message#83e37a27982a93e03596c712f10dd4918427bd4f8cc36740fbb7eedad843ee8e");
    assertThat(item.get("expiresAt").n())
        .isEqualTo(Long.toString(NOW.plus(REUSE).getEpochSecond() + 1));
    assertThat(item.toString()).doesNotContain("hello");
  }

  @Test
  void anotherKeyAndAnotherUpstreamHaveOtherItems() {
    cache.store("hello", "signature", NOW, TIMEOUT);
    URI other = URI.create("https://other.example");

    assertThat(cache(server.client(), UPSTREAM, new ApiKey("new")).read("hello", TIMEOUT))
        .isEqualTo(new Vacant());
    assertThat(cache(server.client(), other, KEY).read("hello", TIMEOUT)).isEqualTo(new Vacant());
  }

  /** The SDK repeats a request whose answer is lost. */
  @Test
  void aLeaseWhoseAnswerIsLostIsItsOwners() throws IOException {
    var proxy = new FaultyProxy(server.endpoint());
    try (var losing = RawServer.start(proxy);
        DynamoDbClient client = DynamoDbServer.client(losing.url(""))) {
      SignatureCache repeated = cache(client, UPSTREAM, KEY);
      proxy.loseAnswers("UpdateItem", 2);

      assertThat(repeated.lease("hello", "a", LEASE_END, TIMEOUT)).isEqualTo(new Vacant());
      assertThat(repeated.lease("hello", "b", LEASE_END, TIMEOUT)).isEqualTo(new Leased());
      assertThat(losing.requests()).hasSize(4);
    }
  }

  @Test
  void aTableThatRefusesHangsOrIsMissingIsUnavailableInTime() throws IOException {
    try (var refusing = new RefusingPort();
        var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      for (int port : List.of(refusing.url().getPort(), silent.getLocalPort())) {
        try (DynamoDbClient client =
            DynamoDbServer.client(URI.create("http://127.0.0.1:" + port))) {
          assertUnavailable(cache(client, UPSTREAM, KEY));
        }
      }
    }
    table = "missing";
    assertUnavailable(cache(server.client(), UPSTREAM, KEY));
  }

  private static void assertUnavailable(SignatureCache unavailable) {
    Duration timeout = Duration.ofMillis(500);
    assertThatThrownBy(() -> unavailable.read("hello", timeout))
        .isInstanceOf(CacheUnavailableException.class);
    assertThatThrownBy(() -> unavailable.lease("hello", "a", LEASE_END, timeout))
        .isInstanceOf(CacheUnavailableException.class);
    assertThatThrownBy(() -> unavailable.store("hello", "signature", NOW, timeout))
        .isInstanceOf(CacheUnavailableException.class);
    assertThatThrownBy(() -> unavailable.release("hello", "a", timeout))
        .isInstanceOf(CacheUnavailableException.class);
  }

  private List<Map<String, AttributeValue>> items() {
    return server.client().scan(s -> s.tableName(table)).items();
  }
}
