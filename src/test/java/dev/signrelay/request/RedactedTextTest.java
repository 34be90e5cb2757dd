package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RedactedTextTest {

  static Stream<Object> values() {
    URI url = URI.create("https://receiver.example/SECRET?SECRET");
    return Stream.of(
        new SignRequest("SECRET", url, null),
        new RawParameters("SECRET", "SECRET", "SECRET"),
        new Body("application/json", "", "SECRET", false),
        ClientKeys.parse("SECRET-0123456789").orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("values")
  void theTextOfAValueThatHoldsInputOmitsIt(Object value) {
    assertThat(value.toString()).isNotEmpty().doesNotContain("SECRET");
  }
}
