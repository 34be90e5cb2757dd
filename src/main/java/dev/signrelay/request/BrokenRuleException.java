package dev.signrelay.request;

/** A request breaks a rule. The message states the rule without quoting the input. */
class BrokenRuleException extends Exception {
  private static final long serialVersionUID = 1L;

  BrokenRuleException(String rule) {
    super(rule);
  }
}
