package dev.signrelay.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.json.Json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpApiRequestTest {

  @Test
  void anEventIsRead() throws IOException, MalformedJsonException {
    assertThat(
            read(
                """
                {"rawQueryString": "message=a%20b",
                 "headers": {"accept": "*/*", "authorization": "Bearer k", "x-api-key": "k2"},
                 "requestContext": {"requestId": "api-1", "timeEpoch": 1795435200500}}"""))
        .isEqualTo(
            new HttpApiRequest(
                "api-1", "message=a%20b", Instant.ofEpochMilli(1795435200500L), "Bearer k", "k2"));
  }

  @ParameterizedTest
  @CsvSource({"Authorization, X-Api-Key", "AUTHORIZATION, X-API-KEY"})
  void theCaseOfHeaderNamesDoesNotMatter(String authorization, String apiKey)
      throws IOException, MalformedJsonException {
    HttpApiRequest request =
        read("{\"headers\": {\"%s\": \"a\", \"%s\": \"b\"}}".formatted(authorization, apiKey));

    assertThat(request.authorization()).isEqualTo("a");
    assertThat(request.apiKey()).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource({"{}", "[]", "null", "'{\"headers\": 7, \"requestContext\": \"\"}'"})
  void missingMembersAreEmpty(String event) throws IOException, MalformedJsonException {
    assertThat(read(event)).isEqualTo(new HttpApiRequest("", "", Instant.EPOCH, "", ""));
  }

  @Test
  void anEventThatIsNotJsonIsMalformed() {
    assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> read("{"));
  }

  @Test
  void theTextOfARequestOmitsItsQueryAndKeys() {
    assertThat(new HttpApiRequest("id", "SECRET", Instant.EPOCH, "SECRET", "SECRET"))
        .hasToString("HttpApiRequest[1970-01-01T00:00:00Z]");
  }

  private static HttpApiRequest read(String event) throws IOException, MalformedJsonException {
    return HttpApiRequest.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
  }
}
