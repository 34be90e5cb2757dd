package dev.signrelay.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ClientPrimerTest {

  private final AtomicInteger initializations = new AtomicInteger();

  @Test
  void aClientIsInitializedOnce() {
    var primer = new ClientPrimer(initializations::incrementAndGet);
    assertThat(primer.isPrimed()).isFalse();

    primer.prime();
    primer.prime();

    assertThat(primer.isPrimed()).isTrue();
    assertThat(initializations).hasValue(1);
  }

  @Test
  void aFailedInitializationIsRepeated() {
    var primer = new ClientPrimer(this::failOnce);

    assertThatIllegalStateException().isThrownBy(primer::prime);
    assertThat(primer.isPrimed()).isFalse();
    primer.prime();

    assertThat(primer.isPrimed()).isTrue();
  }

  private void failOnce() {
    if (initializations.incrementAndGet() == 1) {
      throw new IllegalStateException();
    }
  }
}
