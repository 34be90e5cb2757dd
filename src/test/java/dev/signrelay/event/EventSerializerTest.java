package dev.signrelay.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventSerializerTest {

  private final CustomPojoSerializer serializer = new EventSerializer();

  /** Lambda's runtime client refuses to start if there are two. */
  @Test
  void itIsTheOnlySerializerThatLambdaFinds() {
    assertThat(ServiceLoader.load(CustomPojoSerializer.class))
        .singleElement()
        .isInstanceOf(EventSerializer.class);
  }

  @Test
  void theUsedMembersOfARequestAreRead() {
    APIGatewayV2HTTPEvent event =
        request(
            """
            {"version": "2.0", "routeKey": "GET /crypto/jobs/{id}", "more": [{}],
             "rawQueryString": "message=a%20b", "pathParameters": {"id": "job-1"},
             "body": "text", "isBase64Encoded": true,
             "headers": {"accept": "*/*", "X-Api-Key": "key"},
             "requestContext": {"requestId": "api-1", "timeEpoch": 1795435200500, "http": {}}}""");

    assertThat(event)
        .isEqualTo(
            APIGatewayV2HTTPEvent.builder()
                .withRouteKey("GET /crypto/jobs/{id}")
                .withRawQueryString("message=a%20b")
                .withPathParameters(Map.of("id", "job-1"))
                .withBody("text")
                .withIsBase64Encoded(true)
                .withHeaders(Map.of("accept", "*/*", "X-Api-Key", "key"))
                .withRequestContext(
                    RequestContext.builder()
                        .withRequestId("api-1")
                        .withTimeEpoch(1795435200500L)
                        .build())
                .build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "{\"rawQueryString\": null, \"headers\": null, \"requestContext\": null}",
        "{\"rawQueryString\": {}, \"headers\": 7, \"requestContext\": \"\"}",
        "{\"headers\": {\"a\": null, \"b\": []}, \"requestContext\": {\"requestId\": null}}",
      })
  void missingMembersOfARequestAreNull(String json) {
    APIGatewayV2HTTPEvent event = request(json);

    assertThat(event.getRawQueryString()).isNull();
    assertThat(event.getHeaders()).isEmpty();
    assertThat(event.getRequestContext()).isEqualTo(new RequestContext());
  }

  @Test
  void theUsedMembersOfMessagesAreReadInTheirOrder() {
    SQSEvent event =
        batch(
            """
            {"Records": [
              {"messageId": "a", "body": "one", "receiptHandle": "ignored",
               "attributes": {"SentTimestamp": "1795435200000"},
               "messageAttributes": {"sentAt": {"dataType": "Number", "stringValue": "7"}}},
              {"messageId": "b", "body": ""}]}""");

    var sentAt = new MessageAttribute();
    sentAt.setStringValue("7");
    assertThat(event.getRecords())
        .containsExactly(
            message("a", "one", Map.of("SentTimestamp", "1795435200000"), Map.of("sentAt", sentAt)),
            message("b", "", Map.of(), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{}]",
        "[null]",
        "[[]]",
        "[{\"messageId\": null, \"body\": {}, \"attributes\": 1, \"messageAttributes\": null}]",
      })
  void missingMembersOfAMessageAreNull(String records) {
    assertThat(batch("{\"Records\": " + records + "}").getRecords())
        .containsExactly(message(null, null, Map.of(), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"Records\": null}", "{\"Records\": []}", "{\"Records\": 1}"})
  void anEventWithoutMessagesIsAnEmptyBatch(String json) {
    assertThat(batch(json).getRecords()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "no JSON", "{\"body\": 1, \"body\": 2}"})
  void anEventThatIsNotJsonIsNull(String text) {
    assertThat(request(text)).isNull();
    assertThat(batch(text)).isNull();
  }

  @Test
  void anEventThatIsNotUtf8IsNull() {
    byte[] bytes = {'"', (byte) 0xFF, (byte) 0xFF, '"'};

    SQSEvent event = serializer.fromJson(new ByteArrayInputStream(bytes), SQSEvent.class);

    assertThat(event).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"detail\": \"{}\", \"time\": \"2026-11-23T12:00:00Z\"}", "", "{"})
  void nothingOfAScheduledEventIsRead(String text) {
    ScheduledEvent event = serializer.fromJson(text, ScheduledEvent.class);

    assertThat(event).isEqualTo(new ScheduledEvent());
  }

  @Test
  void aResponseHasTheFormThatApiGatewayReads() {
    assertThat(
            written(
                APIGatewayV2HTTPResponse.builder()
                    .withStatusCode(200)
                    .withHeaders(Map.of("X-Sign-Status", "signed"))
                    .withBody("{\"data\":\"ü\"}")
                    .build()))
        .isEqualTo(
            """
            {"statusCode":200,"headers":{"X-Sign-Status":"signed"},"body":"{\\"data\\":\\"ü\\"}",\
            "isBase64Encoded":false}""");
  }

  @Test
  void aReportNamesTheFailedMessages() {
    assertThat(
            written(
                new SQSBatchResponse(
                    List.of(new BatchItemFailure("a"), new BatchItemFailure("b")))))
        .isEqualTo(
            """
            {"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}""");
  }

  @Test
  void otherTypesAreErrors() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> serializer.fromJson("{}", String.class))
        .withMessage("no handler takes java.lang.String");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> written("text"))
        .withMessage("no handler returns java.lang.String");
  }

  private APIGatewayV2HTTPEvent request(String json) {
    return serializer.fromJson(json, APIGatewayV2HTTPEvent.class);
  }

  private SQSEvent batch(String json) {
    return serializer.fromJson(json, SQSEvent.class);
  }

  private String written(Object response) {
    var output = new ByteArrayOutputStream();
    serializer.toJson(response, output, response.getClass());
    return output.toString(UTF_8);
  }

  private static SQSMessage message(
      String id,
      String body,
      Map<String, String> attributes,
      Map<String, MessageAttribute> messageAttributes) {
    var message = new SQSMessage();
    message.setMessageId(id);
    message.setBody(body);
    message.setAttributes(attributes);
    message.setMessageAttributes(messageAttributes);
    return message;
  }
}
