package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiRouteTest {

  private static final ApiRoute JOB = new ApiRoute("GET", "/crypto/jobs/{id}");

  @Test
  void theRoutesAreThoseOfTheTemplate() {
    assertThat(ApiRoute.of(Template.read(), "SignFunction"))
        .extracting(ApiRoute::key)
        .containsExactly(
            "GET /crypto/sign",
            "POST /crypto/sign",
            "GET /crypto/jobs/{id}",
            "GET /crypto/callback-key");
  }

  @ParameterizedTest
  @CsvSource({"/crypto/jobs/a-1, a-1", "/crypto/jobs/a%2Fb+c%20d, a/b+c d"})
  void aVariableSegmentIsDecoded(String path, String id) {
    assertThat(JOB.match("GET", path)).contains(Map.of("id", id));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /crypto/jobs/a",
    "GET, /crypto/jobs",
    "GET, /crypto/jobs/",
    "GET, /crypto/jobs/a/",
    "GET, /crypto/jobs/a/b",
    "GET, /crypto/Jobs/a"
  })
  void otherRequestsDoNotMatch(String method, String path) {
    assertThat(JOB.match(method, path)).isEmpty();
  }
}
