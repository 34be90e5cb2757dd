package dev.signrelay.callback;

/** Where callbacks may go. */
public final class Targets {

  /** By default. */
  public static final CallbackTargets PUBLIC =
      new CallbackTargets(false, AllowedHosts.parse(""), AllowedPorts.parse("443,8443"));

  /** In a local run. */
  public static final CallbackTargets PRIVATE_TOO =
      new CallbackTargets(true, PUBLIC.hosts(), PUBLIC.ports());

  private Targets() {}
}
