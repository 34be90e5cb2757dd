package dev.signrelay.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.util.List;
import software.amazon.awssdk.services.sqs.model.Message;

/** The event with which Lambda invokes a function for a batch of messages. */
final class SqsEvent {

  private SqsEvent() {}

  static ObjectNode of(String queueUrl, List<Message> batch) {
    String arn =
        "arn:aws:sqs:us-east-1:000000000000:" + queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
    ObjectNode event = Json.object();
    ArrayNode records = event.putArray("Records");
    for (Message message : batch) {
      ObjectNode json =
          records
              .addObject()
              .put("messageId", message.messageId())
              .put("receiptHandle", message.receiptHandle())
              .put("body", message.body())
              .put("md5OfBody", message.md5OfBody())
              .put("eventSource", "aws:sqs")
              .put("eventSourceARN", arn)
              .put("awsRegion", "us-east-1");
      ObjectNode attributes = json.putObject("attributes");
      message.attributesAsStrings().forEach(attributes::put);
      ObjectNode messageAttributes = json.putObject("messageAttributes");
      message
          .messageAttributes()
          .forEach(
              (name, value) ->
                  messageAttributes
                      .putObject(name)
                      .put("stringValue", value.stringValue())
                      .put("dataType", value.dataType()));
    }
    return event;
  }
}
