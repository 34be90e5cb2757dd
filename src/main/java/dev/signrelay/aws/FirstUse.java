package dev.signrelay.aws;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes something when it is first asked for, and keeps it. Safe for use by several threads. */
public final class FirstUse<T> implements Supplier<T> {

  private final Supplier<T> maker;
  private @Nullable T made;

  public FirstUse(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public synchronized T get() {
    T kept = made;
    if (kept == null) {
      kept = maker.get();
      made = kept;
    }
    return kept;
  }
}
