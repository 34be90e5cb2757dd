package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiRouteTest {

  /** The variable segment is decoded. */
  @ParameterizedTest
  @CsvSource({
    "GET, /crypto/jobs/a-1, a-1",
    "GET, /crypto/jobs/a%2Fb+c%20d, a/b+c d",
    "POST, /crypto/jobs/a,",
    "GET, /crypto/jobs,",
    "GET, /crypto/jobs/,",
    "GET, /crypto/jobs/a/,",
    "GET, /crypto/jobs/a/b,",
    "GET, /crypto/Jobs/a,"
  })
  void aRequestOfTheRouteHasAnId(String method, String path, @Nullable String id) {
    assertThat(new ApiRoute("GET", "/crypto/jobs/{id}").match(method, path))
        .isEqualTo(Optional.ofNullable(id).map(value -> Map.of("id", value)));
  }
}
