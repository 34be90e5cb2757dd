package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.Grant;
import dev.signrelay.json.Json;
import dev.signrelay.testing.FakeTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Release 0.2.0 beside this one, during an update and its rollback: they share the item of the rate
 * limit. It took grants up to 110 s ahead, which its jobs carry.
 */
final class Release020Test {

  private static final int CALLS = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** How far ahead it took grants for jobs in line. */
  private static final Duration FAR = Duration.ofSeconds(110);

  private static final Duration WAIT = Duration.ofSeconds(2);

  /** When the item was written. */
  private static final Instant T = FakeTime.START;

  private final FakeTime time = new FakeTime();
  private final MemoryScheduleStore store = new MemoryScheduleStore(RateLimitItem.read(item()));
  private final AtomicInteger ids = new AtomicInteger();

  @Test
  void itsStateIsRead() {
    RateLimitState state = RateLimitItem.read(item());

    GrantSchedule schedule = state.schedule();
    assertThat(schedule.period()).isEqualTo(PERIOD);
    assertThat(schedule.calls()).isEqualTo(CALLS);
    assertThat(schedule.time(schedule.granted() - 1)).isEqualTo(T.plusSeconds(107));
    assertThat(state.askedAt()).isEqualTo(T.minusSeconds(1));
    assertThat(state.waiting()).isEqualTo(41);
    assertThat(state.isNoted(T)).isTrue();
  }

  /** It requires each attribute that it writes, and ignores others. */
  @Test
  void itReadsTheStateOfThisRelease() {
    Map<String, AttributeValue> written = RateLimitItem.write(RateLimitItem.read(item()));

    assertThat(written).containsAllEntriesOf(item());
  }

  /** Its jobs carry grants, and its processes continue to take them far ahead. */
  @Test
  void bothReleasesTogetherKeepTheLimit() {
    List<Grant> grants =
        new ArrayList<>(RateLimitItem.read(item()).schedule().lastGrants(28, WAIT));
    RateLimiter present = process();
    RateLimiter former = new FarAhead(process(), FAR);

    for (int second = 0; second < 600; second++) {
      if (second % 60 == 30 && second < 300) {
        grants.addAll(former.acquireForLine(CALLS / 2, WAIT, TIMEOUT));
      }
      grants.addAll(present.acquireForLine(1, WAIT, TIMEOUT));
      time.advance(Duration.ofSeconds(1));
    }

    assertNoWindowHoldsMoreThanTheLimit(grants);
    assertThat(grants)
        .hasSizeGreaterThan(28 + 6 * CALLS)
        .extracting(Grant::id)
        .doesNotHaveDuplicates();
  }

  private static void assertNoWindowHoldsMoreThanTheLimit(List<Grant> grants) {
    List<Instant> times = grants.stream().map(Grant::from).sorted().toList();
    for (int i = CALLS; i < times.size(); i++) {
      assertThat(Duration.between(times.get(i - CALLS), times.get(i))).isGreaterThan(WINDOW);
    }
  }

  private RateLimiter process() {
    return new SlidingWindowLimiter(
        store, CALLS, PERIOD, time, () -> "id-" + ids.incrementAndGet());
  }

  /** An item as release 0.2.0 writes it. */
  private static Map<String, AttributeValue> item() {
    try (InputStream file =
        Objects.requireNonNull(
            Release020Test.class.getResourceAsStream("release-0.2.0-state.json"))) {
      JsonNode item = Json.read(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      return item.propertyStream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> value(entry.getValue())));
    } catch (IOException | Json.MalformedJsonException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AttributeValue value(JsonNode node) {
    return node.has("S")
        ? AttributeValue.fromS(node.get("S").asText())
        : node.has("N")
            ? AttributeValue.fromN(node.get("N").asText())
            : AttributeValue.fromL(
                StreamSupport.stream(node.get("L").spliterator(), false)
                    .map(Release020Test::value)
                    .toList());
  }
}
