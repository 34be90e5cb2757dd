package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RehearsalTest {

  @Test
  void nothingIsCalledQueuedOrLogged() {
    var parts = new Parts();

    Rehearsal.run(parts.wiring());

    assertThat(parts.signed).isEmpty();
    assertThat(parts.delivered).isEmpty();
    assertThat(parts.sent).isEmpty();
    assertThat(parts.dead).isEmpty();
    assertThat(parts.log).isEmpty();
  }

  @Test
  void itGoesAsFarAsARetryIsPlannedWhereverCallbacksMayGo() {
    var parts =
        new Parts()
            .with("CALLBACK_ALLOWED_HOSTS", "*.example.com")
            .with("CALLBACK_ALLOWED_PORTS", "8444");

    Rehearsal.run(parts.wiring());

    assertThat(parts.jitters).hasValue(1);
  }

  @Test
  void theQueueAndTheLimiterArePrepared() {
    var parts = new Parts();

    Rehearsal.run(parts.wiring());

    assertThat(parts.prepared).isTrue();
    assertThat(parts.limiter.prepared).isTrue();
    assertThat(parts.limiter.given()).isZero();
  }
}
