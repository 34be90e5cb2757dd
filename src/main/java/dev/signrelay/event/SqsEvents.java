package dev.signrelay.event;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * Batches of SQS messages, and the report on one (Lambda developer guide, "Using Lambda with SQS").
 */
final class SqsEvents {

  private SqsEvents() {}

  static SQSEvent read(JsonNode json) {
    var messages = new ArrayList<SQSMessage>();
    for (JsonNode message : json.path("Records")) {
      messages.add(message(message));
    }
    var event = new SQSEvent();
    event.setRecords(messages);
    return event;
  }

  private static SQSMessage message(JsonNode json) {
    var attributes = new HashMap<String, MessageAttribute>();
    for (Map.Entry<String, JsonNode> member : json.path("messageAttributes").properties()) {
      var attribute = new MessageAttribute();
      attribute.setStringValue(Texts.of(member.getValue().path("stringValue")));
      attributes.put(member.getKey(), attribute);
    }
    var message = new SQSMessage();
    message.setEventSourceArn(Texts.of(json.path("eventSourceARN")));
    message.setMessageId(Texts.of(json.path("messageId")));
    message.setBody(Texts.of(json.path("body")));
    message.setAttributes(Texts.ofMembers(json.path("attributes")));
    message.setMessageAttributes(attributes);
    return message;
  }

  static ObjectNode write(SQSBatchResponse report) {
    ObjectNode json = Json.object();
    ArrayNode failures = json.putArray("batchItemFailures");
    for (BatchItemFailure failure : report.getBatchItemFailures()) {
      failures.addObject().put("itemIdentifier", failure.getItemIdentifier());
    }
    return json;
  }
}
