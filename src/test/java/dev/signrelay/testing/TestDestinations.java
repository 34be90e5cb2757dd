package dev.signrelay.testing;

import dev.signrelay.destination.AllowedHosts;
import dev.signrelay.destination.AllowedPorts;
import dev.signrelay.destination.DestinationRules;

/** Where callbacks may go. */
public final class TestDestinations {

  /** By default. */
  public static final DestinationRules PUBLIC =
      new DestinationRules(false, AllowedHosts.parse(""), AllowedPorts.parse("443,8443"));

  /** In a local run. */
  public static final DestinationRules PRIVATE_TOO =
      new DestinationRules(true, PUBLIC.hosts(), PUBLIC.ports());

  private TestDestinations() {}
}
