package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.destination.AllowedHosts;
import dev.signrelay.destination.AllowedPorts;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.testing.FakeServices;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CheckedCallbackSenderTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final DeliveryOutcome FORBIDDEN = new Forbidden("forbidden-url");

  private final FakeServices receivers = new FakeServices();
  private final CallbackSender sender =
      new CheckedCallbackSender(
          new DestinationRules(false, AllowedHosts.parse("a.net"), AllowedPorts.parse("443")),
          receivers);

  @Test
  void aCallbackToAnAllowedUrlIsSent() {
    assertThat(deliver("https://a.net/?b")).isEqualTo(new Delivered("http-204"));
    assertThat(notifyFailure("https://a.net/?c")).isEqualTo(new Delivered("http-204"));
    assertThat(receivers.delivered)
        .extracting(FakeServices.Delivery::url)
        .containsExactly(URI.create("https://a.net/?b"), URI.create("https://a.net/?c"));
  }

  @Test
  void aCallbackToAForbiddenUrlIsNotSent() {
    assertThat(deliver("http://a.net/")).isEqualTo(FORBIDDEN);
    assertThat(deliver("https://b.net/")).isEqualTo(FORBIDDEN);
    assertThat(notifyFailure("https://b.net/")).isEqualTo(FORBIDDEN);
    assertThat(receivers.delivered).isEmpty();
  }

  private DeliveryOutcome deliver(String url) {
    return sender.deliver(URI.create(url), "job-1", "signature", TIMEOUT);
  }

  private DeliveryOutcome notifyFailure(String url) {
    return sender.notifyFailure(URI.create(url), "job-1", "signing-exhausted", TIMEOUT);
  }
}
