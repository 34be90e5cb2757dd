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

    primer.prime();
    primer.prime();

    assertThat(initializations).hasValue(1);
  }

  @Test
  void aFailedInitializationIsRepeated() {
    var primer = new ClientPrimer(this::failOnce);

    assertThatIllegalStateException().isThrownBy(primer::prime);
    primer.prime();

    assertThat(initializations).hasValue(2);
  }

  private void failOnce() {
    if (initializations.incrementAndGet() == 1) {
      throw new IllegalStateException();
    }
  }
}
