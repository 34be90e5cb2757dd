package dev.signrelay.request;

/** A request breaks a rule. The message names the field and the rule, without quoting the input. */
public final class BrokenRuleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean isUnsupportedMediaType;

  public BrokenRuleException(String rule) {
    this(rule, false);
  }

  BrokenRuleException(String rule, boolean isUnsupportedMediaType) {
    super(rule);
    this.isUnsupportedMediaType = isUnsupportedMediaType;
  }

  /** Whether the rule is about the type or the encoding of the body (RFC 9110, 15.5.16). */
  public boolean isUnsupportedMediaType() {
    return isUnsupportedMediaType;
  }
}
