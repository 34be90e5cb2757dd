package dev.signrelay.testing;

/**
 * Keys for {@code @ResourceLock}. Integration tests run in parallel; these locks separate tests
 * that would interfere with each other.
 */
public final class SharedResource {

  /**
   * The processors. Classes that start many processes lock them exclusively, so that only one of
   * these runs at a time. Classes that rely on short timeouts share them, so that they never run in
   * parallel with one that starts many processes.
   */
  public static final String PROCESSORS = "processors";

  private SharedResource() {}
}
