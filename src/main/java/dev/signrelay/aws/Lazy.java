package dev.signrelay.aws;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is created on first use and then kept. Safe for use by several threads. */
final class Lazy<T> implements Supplier<T> {

  private final Supplier<T> factory;
  private @Nullable T value;

  Lazy(Supplier<T> factory) {
    this.factory = factory;
  }

  @Override
  public synchronized T get() {
    T present = value;
    if (present == null) {
      present = factory.get();
      value = present;
    }
    return present;
  }

  /** Does nothing if the value has not been created. */
  synchronized void ifCreated(Consumer<T> action) {
    T present = value;
    if (present != null) {
      action.accept(present);
    }
  }
}
