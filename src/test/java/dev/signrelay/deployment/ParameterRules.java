package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;

import dev.signrelay.local.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates the template's {@code Rules}, with parameters at their defaults, as far as they are
 * used here (CloudFormation template reference, "Rule functions"). Any other function is an error.
 */
record ParameterRules(Template template) {

  /** The descriptions of the assertions that do not hold for these parameters. */
  List<String> broken(Map<String, String> parameters) {
    var all = defaults();
    all.putAll(parameters);
    return map(template.root().get("Rules")).values().stream()
        .map(Template::map)
        .filter(rule -> !rule.containsKey("RuleCondition") || holds(rule.get("RuleCondition"), all))
        .flatMap(rule -> ((List<?>) rule.get("Assertions")).stream())
        .map(Template::map)
        .filter(assertion -> !holds(assertion.get("Assert"), all))
        .map(assertion -> (String) assertion.get("AssertDescription"))
        .toList();
  }

  private Map<String, String> defaults() {
    var defaults = new HashMap<String, String>();
    map(template.root().get("Parameters"))
        .forEach((name, parameter) -> defaults.put(name, "" + map(parameter).get("Default")));
    return defaults;
  }

  private static boolean holds(Object condition, Map<String, String> parameters) {
    Map.Entry<String, Object> function = map(condition).entrySet().iterator().next();
    List<?> arguments = (List<?>) function.getValue();
    return switch (function.getKey()) {
      case "Fn::Or" -> arguments.stream().anyMatch(inner -> holds(inner, parameters));
      case "Fn::Not" -> !holds(arguments.getFirst(), parameters);
      case "Fn::Equals" ->
          text(arguments.get(0), parameters).equals(text(arguments.get(1), parameters));
      default -> throw new AssertionError("not a rule function that is used here: " + function);
    };
  }

  private static String text(Object value, Map<String, String> parameters) {
    if (value instanceof String text) {
      return text;
    }
    String name = (String) map(value).get("Ref");
    if (!parameters.containsKey(name)) {
      throw new AssertionError("not a parameter: " + name);
    }
    return parameters.get(name);
  }
}
