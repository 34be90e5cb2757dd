package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.console.EventFeed.Happening;
import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EventFeedTest {

  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final EventFeed feed = new EventFeed(3, () -> Instant.ofEpochMilli(42));

  @Test
  void aLineOfTheLogIsToldWithItsTimeAndItsFacts() throws Exception {
    feed.write(
        LogEvent.of(LogEvent.Level.INFO, "signing attempt").with("id", "a").with("attempt", 2));

    assertThat(feed.after(0, AT_ONCE))
        .containsExactly(
            new Happening(
                1, "{\"at\":42,\"event\":\"signing attempt\",\"id\":\"a\",\"attempt\":2}"));
  }

  @Test
  void aLineIsOneLineWhateverItSays() throws Exception {
    feed.add("request", 0, Map.of("message", "a\n\ndata: b\r\u2028\u0085"));

    assertThat(feed.after(0, AT_ONCE).getFirst().json()).matches("[\\x20-\\x7e]+");
  }

  @Test
  void whoComesLateGetsWhatIsKept() throws Exception {
    for (int i = 1; i <= 5; i++) {
      feed.add("event " + i, 0, Map.of());
    }

    assertThat(feed.after(0, AT_ONCE)).extracting(Happening::number).containsExactly(3L, 4L, 5L);
    assertThat(feed.after(4, AT_ONCE)).extracting(Happening::number).containsExactly(5L);
    assertThat(feed.after(5, AT_ONCE)).isEmpty();
  }

  @Test
  void whoWaitsIsToldAsSoonAsSomethingHappens() throws Exception {
    var told = new CompletableFuture<Long>();
    Thread.startVirtualThread(
        () -> {
          try {
            told.complete(feed.after(0, LONG).getFirst().number());
          } catch (InterruptedException e) {
            told.completeExceptionally(e);
          }
        });

    feed.add("something", 0, Map.of());

    assertThat(told.get(1, TimeUnit.MINUTES)).isEqualTo(1);
  }
}
