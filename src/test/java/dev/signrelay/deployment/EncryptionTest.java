package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every resource is encrypted at rest. A new type of resource requires a rule here. */
final class EncryptionTest {

  private static final Template TEMPLATE = Template.read();

  @Test
  void everyResourceIsEncryptedAtRest() {
    TEMPLATE.resources().keySet().forEach(EncryptionTest::requireEncryption);
  }

  private static void requireEncryption(String resource) {
    Map<String, Object> properties = TEMPLATE.properties(resource);
    String type = (String) map(TEMPLATE.resources().get(resource)).get("Type");
    switch (type) {
      case "AWS::SQS::Queue" -> assertThat(properties).containsEntry("SqsManagedSseEnabled", true);
      // "If disabled (false) or not specified, server-side encryption is set to AWS owned key"
      // (DynamoDB API reference, "SSESpecification"). A KMS key of the account would be charged.
      case "AWS::DynamoDB::Table" -> assertThat(properties).doesNotContainKey("SSESpecification");
      // "Log group data is always encrypted in CloudWatch Logs" (CloudWatch Logs user guide,
      // "Encrypt log data using AWS KMS").
      case "AWS::Logs::LogGroup" -> {}
      // "Lambda always provides server-side encryption at rest" for code and environment (AWS
      // Prescriptive Guidance, "Encryption best practices for AWS Lambda"), and for snapshots
      // (Lambda developer guide, "Security model for Lambda SnapStart").
      case "AWS::Serverless::Function", "AWS::Lambda::Function" -> {}
      // They store no data of ours.
      case "AWS::Serverless::HttpApi",
          "AWS::IAM::Role",
          "AWS::SQS::QueuePolicy",
          "AWS::CloudWatch::Alarm",
          "AWS::CloudWatch::Dashboard" -> {}
      default -> throw new AssertionError("no rule for " + type);
    }
  }
}
