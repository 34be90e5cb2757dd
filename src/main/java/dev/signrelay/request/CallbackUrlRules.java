package dev.signrelay.request;

import dev.signrelay.destination.DestinationRules;
import dev.signrelay.request.CanonicalUrl.MalformedUrlException;
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

  /** The result of a check: {@link Accepted} or {@link Refused}. */
  public sealed interface Checked {

    /**
     * The URL is allowed.
     *
     * @param url in canonical form
     */
    record Accepted(URI url) implements Checked {

      /** Omits the URL, whose path and query may hold secrets. */
      @Override
      public String toString() {
        return "Accepted";
      }
    }

    /**
     * The URL breaks a rule.
     *
     * @param error names the field and the rule, without quoting the input
     */
    record Refused(String error) implements Checked {}
  }

  /** Checks one URL. */
  public Checked check(String text) {
    if (!enabled) {
      return refused("is not accepted: callbacks are disabled");
    }
    if (text.length() > MAX_LENGTH) {
      return refused(String.format(Locale.ROOT, "must be at most %,d characters", MAX_LENGTH));
    }
    try {
      URI url = CanonicalUrl.parse(text);
      Optional<String> brokenRule = destinations.brokenRule(url);
      return brokenRule.isPresent() ? refused(brokenRule.get()) : new Checked.Accepted(url);
    } catch (MalformedUrlException e) {
      return refused(e.getMessage());
    }
  }

  private static Checked refused(String rule) {
    return new Checked.Refused("callback_url " + rule);
  }
}
