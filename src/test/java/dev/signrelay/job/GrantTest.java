package dev.signrelay.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GrantTest {

  private static final Instant FROM = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant UNTIL = FROM.plusSeconds(1);

  @ParameterizedTest
  @CsvSource({"-500, false", "0, false", "999, false", "1000, true"})
  void aGrantExpiresAtItsEnd(long millisAfterFrom, boolean expired) {
    var grant = new Grant("g", FROM, UNTIL);

    assertThat(grant.isExpired(FROM.plusMillis(millisAfterFrom))).isEqualTo(expired);
  }

  @Test
  void aGrantHasAnIdAndDoesNotEndBeforeItBegins() {
    assertThat(new Grant("g", FROM, FROM).isExpired(FROM)).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> new Grant(" ", FROM, UNTIL));
    assertThatIllegalArgumentException().isThrownBy(() -> new Grant("g", UNTIL, FROM));
  }
}
