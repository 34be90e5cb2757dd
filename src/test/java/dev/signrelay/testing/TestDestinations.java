package dev.signrelay.testing;

import dev.signrelay.destination.DestinationRules;
import java.util.List;

/** Rules for callback destinations. */
public final class TestDestinations {

  /** The default rules. */
  public static final DestinationRules PUBLIC =
      new DestinationRules(false, List.of(), List.of(443, 8443));

  /** The rules of a local run. */
  public static final DestinationRules PRIVATE_TOO =
      new DestinationRules(true, PUBLIC.hosts(), PUBLIC.ports());

  private TestDestinations() {}
}
