package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CheckedCallbackSenderTest {

  private final List<URI> sent = new ArrayList<>();

  @Test
  void whatIsAllowedIsDelivered() {
    assertThat(deliver("https://a.net/?b")).isEqualTo(new Delivered("http-204"));
    assertThat(sent).containsExactly(URI.create("https://a.net/?b"));
  }

  @Test
  void aJobWhoseUrlTheSettingsForbidByNowIsNotSent() {
    assertThat(deliver("http://a.net/")).isEqualTo(new Forbidden("forbidden-url"));
    assertThat(deliver("https://b.net/")).isEqualTo(new Forbidden("forbidden-url"));
    assertThat(sent).isEmpty();
  }

  private DeliveryOutcome deliver(String url) {
    var targets =
        new CallbackTargets(false, AllowedHosts.parse("a.net"), AllowedPorts.parse("443"));
    return new CheckedCallbackSender(
            targets,
            (to, _, _, _) -> {
              sent.add(to);
              return new Delivered("http-204");
            })
        .deliver(URI.create(url), "job-1", "signature", Duration.ofSeconds(1));
  }
}
