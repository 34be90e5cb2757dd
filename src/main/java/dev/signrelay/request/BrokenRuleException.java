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

  /** Whether it is the type or the encoding of the body that is not supported. */
  public boolean isUnsupportedMediaType() {
    return isUnsupportedMediaType;
  }
}
