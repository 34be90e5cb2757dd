package dev.signrelay.testing;

import dev.signrelay.request.BrokenRuleException;

/** The result of a parser of requests, or the rule that a request breaks. */
public final class ResultOrRule {

  @FunctionalInterface
  public interface Parser {
    Object parse() throws BrokenRuleException;
  }

  private ResultOrRule() {}

  /** What the parser returns, or the message of its exception. */
  public static Object of(Parser parser) {
    try {
      return parser.parse();
    } catch (BrokenRuleException e) {
      return e.getMessage();
    }
  }
}
