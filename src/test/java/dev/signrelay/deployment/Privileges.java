package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;

import dev.signrelay.local.Template;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the template's roles allow, in words: {@code sqs:SendMessage on RetryQueue.Arn}, and {@code
 * if X} behind it where a policy is there under the condition X only. What is written in any other
 * way than the template's own is an error, so that nothing is allowed unseen.
 */
record Privileges(Template template) {

  /** What IAM knows no resource for (Service Authorization Reference, "AWS X-Ray"). */
  static final Set<String> WITHOUT_RESOURCE =
      Set.of("xray:PutTraceSegments", "xray:PutTelemetryRecords");

  /** Names of the resources of a type, or of several that begin alike. */
  List<String> resources(String type) {
    return template.resources().entrySet().stream()
        .filter(resource -> ((String) map(resource.getValue()).get("Type")).startsWith(type))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The name of a function's role. */
  String role(String function) {
    String arn = reference(template.properties(function).get("Role"));
    return arn.substring(0, arn.lastIndexOf(".Arn"));
  }

  /** All that a function may do. */
  List<String> of(String function) {
    List<?> policies = (List<?>) template.properties(role(function)).get("Policies");
    return policies.stream().flatMap(Privileges::policy).toList();
  }

  private static Stream<String> policy(Object policy) {
    if (map(policy).get("Fn::If") instanceof List<?> choice) {
      requireEqual(choice.get(2), Map.of("Ref", "AWS::NoValue"));
      return policy(choice.get(1)).map(privilege -> privilege + " if " + choice.getFirst());
    }
    requireEqual(map(policy).keySet(), Set.of("PolicyName", "PolicyDocument"));
    Map<String, Object> document = map(map(policy).get("PolicyDocument"));
    return listed(document.get("Statement")).flatMap(Privileges::statement);
  }

  private static Stream<String> statement(Object statement) {
    Map<String, Object> fakes = map(statement);
    requireEqual(fakes.keySet(), Set.of("Effect", "Action", "Resource"));
    requireEqual(fakes.get("Effect"), "Allow");
    return listed(fakes.get("Action"))
        .flatMap(
            action ->
                listed(fakes.get("Resource"))
                    .map(resource -> action + " on " + resourceOf(action, resource)));
  }

  /** IAM takes one as well as a list. */
  private static Stream<?> listed(Object oneOrSeveral) {
    return oneOrSeveral instanceof List<?> several ? several.stream() : Stream.of(oneOrSeveral);
  }

  private static String resourceOf(Object action, Object resource) {
    return WITHOUT_RESOURCE.contains(action) && resource.equals("*") ? "*" : reference(resource);
  }

  /** A resource of the template itself: never a text, which could be a wildcard. */
  private static String reference(Object resource) {
    if (resource instanceof Map<?, ?> intrinsic
        && intrinsic.get("Fn::GetAtt") instanceof String name) {
      return name;
    }
    throw new AssertionError("no resource of the template: " + resource);
  }

  private static void requireEqual(Object actual, Object expected) {
    if (!actual.equals(expected)) {
      throw new AssertionError("expected " + expected + " but it is " + actual);
    }
  }
}
