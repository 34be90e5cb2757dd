package dev.signrelay.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LazyTest {

  private final AtomicInteger created = new AtomicInteger();

  @Test
  void aValueIsCreatedOnFirstUseAndKept() {
    var lazy = new Lazy<>(created::incrementAndGet);
    assertThat(created).hasValue(0);

    assertThat(lazy.get()).isEqualTo(1);
    assertThat(lazy.get()).isEqualTo(1);
  }

  @Test
  void afterAFailureTheNextUseCreatesTheValue() {
    var lazy = new Lazy<>(this::createUnlessFirst);

    assertThatIllegalStateException().isThrownBy(lazy::get);
    assertThat(lazy.get()).isEqualTo(2);
  }

  private int createUnlessFirst() {
    if (created.incrementAndGet() == 1) {
      throw new IllegalStateException();
    }
    return created.get();
  }
}
