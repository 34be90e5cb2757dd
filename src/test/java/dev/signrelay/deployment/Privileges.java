package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;

import dev.signrelay.local.Template;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The privileges of the template's roles as text: {@code sqs:SendMessage on RetryQueue.Arn}. Any
 * other form of a policy, such as one with a condition, is an error, so that no privilege is
 * overlooked.
 */
record Privileges(Template template) {

  /** Actions that support no resource in IAM (Service Authorization Reference, "AWS X-Ray"). */
  static final Set<String> WITHOUT_RESOURCE =
      Set.of("xray:PutTraceSegments", "xray:PutTelemetryRecords");

  /** The parameters that are secrets' ARNs. {@code TemplateTest} checks their patterns. */
  private static final Set<String> SECRETS =
      Set.of(
          "CryptoClientApiKeySecret",
          "CallbackSigningSecret",
          "CallbackSigningKeySecret",
          "ClientApiKeysSecret");

  /**
   * Actions that are allowed on every resource: reading the states of alarms, as in AWS's managed
   * policy {@code AWSCodeDeployRoleForLambda}.
   */
  private static final Set<String> ON_ALL_RESOURCES = Set.of("cloudwatch:DescribeAlarms");

  /**
   * An alias or all versions of a function of the template; the deployments, whose application SAM
   * names.
   */
  private static final Pattern QUALIFIED =
      Pattern.compile(
          "\\$\\{\\w+\\.Arn}:(live|\\*)"
              + "|arn:\\$\\{AWS::Partition}:codedeploy:\\$\\{AWS::Region}:\\$\\{AWS::AccountId}"
              + ":deploymentgroup:\\*");

  /** The names of the resources whose type starts with a prefix. */
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

  /** The privileges of a function. */
  List<String> of(String function) {
    return ofRole(role(function));
  }

  /** The privileges of a role. */
  List<String> ofRole(String role) {
    List<?> policies = (List<?>) template.properties(role).get("Policies");
    return policies.stream().flatMap(Privileges::policy).toList();
  }

  /** A policy, or one that exists under a condition. */
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
    Map<String, Object> fields = map(statement);
    requireEqual(fields.keySet(), Set.of("Effect", "Action", "Resource"));
    requireEqual(fields.get("Effect"), "Allow");
    return listed(fields.get("Action"))
        .flatMap(
            action ->
                listed(fields.get("Resource"))
                    .map(resource -> action + " on " + resourceOf(action, resource)));
  }

  /** IAM accepts a single value or a list. */
  private static Stream<?> listed(Object oneOrSeveral) {
    return oneOrSeveral instanceof List<?> several ? several.stream() : Stream.of(oneOrSeveral);
  }

  private static String resourceOf(Object action, Object resource) {
    boolean onAll = WITHOUT_RESOURCE.contains(action) || ON_ALL_RESOURCES.contains(action);
    return onAll && resource.equals("*") ? "*" : reference(resource);
  }

  /**
   * A resource of the template, or a secret that a parameter names. Never a text, which could be a
   * wildcard.
   */
  private static String reference(Object resource) {
    if (resource instanceof Map<?, ?> intrinsic) {
      if (intrinsic.get("Fn::GetAtt") instanceof String name) {
        return name;
      }
      if (intrinsic.get("Ref") instanceof String name && SECRETS.contains(name)) {
        return name;
      }
      if (intrinsic.get("Fn::If") instanceof List<?> choice
          && choice.get(2).equals(Map.of("Ref", "AWS::NoValue"))) {
        return reference(choice.get(1)) + " if " + choice.getFirst();
      }
      if (intrinsic.get("Fn::Sub") instanceof String text && QUALIFIED.matcher(text).matches()) {
        return text;
      }
    }
    throw new AssertionError("not a resource of the template: " + resource);
  }

  private static void requireEqual(Object actual, Object expected) {
    if (!actual.equals(expected)) {
      throw new AssertionError("expected " + expected + " but was " + actual);
    }
  }
}
