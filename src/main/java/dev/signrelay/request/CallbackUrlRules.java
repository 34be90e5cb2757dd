package dev.signrelay.request;

import dev.signrelay.destination.DestinationRules;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Which callback URLs a request may name.
 *
 * @param enabled false: none
 * @param destinations where callbacks may be sent
 */
public record CallbackUrlRules(boolean enabled, DestinationRules destinations) {

  /** The longest URL, in characters. */
  public static final int MAX_LENGTH = 2_048;

  /**
   * Checks a URL.
   *
   * @return the URL in canonical form
   * @throws BrokenRuleException if it is not allowed
   */
  public URI check(String text) throws BrokenRuleException {
    if (!enabled) {
      throw CanonicalUrl.broken("is not accepted: callbacks are disabled");
    }
    if (text.length() > MAX_LENGTH) {
      throw CanonicalUrl.broken(
          String.format(Locale.ROOT, "must be at most %,d characters", MAX_LENGTH));
    }
    URI url = CanonicalUrl.parse(text);
    Optional<String> brokenRule = destinations.brokenRule(url);
    if (brokenRule.isPresent()) {
      throw CanonicalUrl.broken(brokenRule.get());
    }
    return url;
  }
}
