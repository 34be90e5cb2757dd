package dev.signrelay.testing;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import java.time.Instant;
import java.util.Map;

/** Requests as API Gateway sends them to SignFunction. */
public final class ApiEvents {

  private ApiEvents() {}

  public static APIGatewayV2HTTPEvent request(String query, Instant received) {
    return request(query, received, Map.of());
  }

  /** A request for the record of a job. */
  public static APIGatewayV2HTTPEvent job(String id, Map<String, String> headers) {
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey("GET /crypto/jobs/{id}")
        .withPathParameters(Map.of("id", id))
        .withHeaders(headers)
        .build();
  }

  public static APIGatewayV2HTTPEvent request(
      String query, Instant received, Map<String, String> headers) {
    return APIGatewayV2HTTPEvent.builder()
        .withRawQueryString(query)
        .withHeaders(headers)
        .withRequestContext(RequestContext.builder().withTimeEpoch(received.toEpochMilli()).build())
        .build();
  }
}
