package dev.signrelay.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is made ahead, or on first use, is made once, and again after a failure. */
final class ClientPrimerTest {

  private final AtomicInteger made = new AtomicInteger();

  @Test
  void aClientIsInitializedOnceUnlessThatFails() {
    var primer = new ClientPrimer(this::failFirst);

    assertThatIllegalStateException().isThrownBy(primer::prime);
    primer.prime();
    primer.prime();

    assertThat(made).hasValue(2);
  }

  @Test
  void aValueIsCreatedOnFirstUseAndKeptUnlessThatFails() {
    var lazy = new Lazy<>(this::failFirst);
    assertThat(made).hasValue(0);

    assertThatIllegalStateException().isThrownBy(lazy::get);
    assertThat(lazy.get()).isEqualTo(2);
    assertThat(lazy.get()).isEqualTo(2);
  }

  private int failFirst() {
    if (made.incrementAndGet() == 1) {
      throw new IllegalStateException();
    }
    return made.get();
  }
}
