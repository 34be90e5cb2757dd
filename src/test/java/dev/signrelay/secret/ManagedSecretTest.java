package dev.signrelay.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManagedSecretTest {

  private static final Duration LIMIT = Duration.ofMillis(500);

  /** The store's answer; a missing one means that it hangs, for as long as it may. */
  private volatile Optional<String> stored = Optional.of("old");

  private final List<Duration> limits = new CopyOnWriteArrayList<>();
  private final List<LogEvent> log = new CopyOnWriteArrayList<>();
  private final FakeTime time = new FakeTime();
  private final ManagedSecret<Text> secret =
      new ManagedSecret<>(
          new Secret.Managed<>("KEY_ARN", "the-arn", "lower case", Text::parse),
          this::read,
          time,
          log::add);

  private record Text(String value) {

    static Optional<Text> parse(String text) {
      return text.matches("[a-z]+") ? Optional.of(new Text(text)) : Optional.empty();
    }
  }

  private String read(Duration limit) {
    limits.add(limit);
    return stored.orElseThrow(
        () -> {
          time.advance(limit);
          return new SecretUnavailableException("no answer", null);
        });
  }

  private String value() {
    return secret.get(LIMIT).value();
  }

  @Test
  void itIsReadWhenItIsFirstUsedAndNotBefore() {
    assertThat(limits).isEmpty();
    assertThat(value()).isEqualTo("old");
    assertThat(value()).isEqualTo("old");
    assertThat(limits).hasSize(1);
  }

  /** Lambda freezes processes for hours, and a clock can be set back. */
  @ParameterizedTest
  @CsvSource({"PT4M59.999999999S, old", "PT5M, new", "PT3H, new", "PT-1H, new"})
  void aValueIsReadAgainWhenItIsFiveMinutesOld(Duration age, String expected) {
    value();
    stored = Optional.of("new");

    time.advance(age);

    assertThat(value()).isEqualTo(expected);
  }

  @Test
  void aSecretThatKeepsBeingRefusedIsReadAgainEveryTenSeconds() {
    for (int second = 0; second < 60; second++) {
      secret.refused(secret.get(LIMIT));
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(limits).hasSize(6);
  }

  @Test
  void aRefusalOfAnEarlierValueIsIgnored() {
    Text old = secret.get(LIMIT);
    time.advance(Duration.ofMinutes(5));
    value();
    time.advance(Duration.ofSeconds(10));

    secret.refused(old);
    value();

    assertThat(limits).hasSize(2);
  }

  @Test
  void anOutageIsServedWithTheLastValueAndLoggedAndTheStoreIsAskedEveryTenSeconds() {
    value();
    time.advance(Duration.ofMinutes(5));
    stored = Optional.empty();

    for (int second = 0; second < 20; second++) {
      assertThat(value()).isEqualTo("old");
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(limits).hasSize(3);
    assertThat(log).hasSize(2);
    assertThat(log.getFirst().level()).isEqualTo(Level.WARN);
    assertThat(log.getFirst().name()).isEqualTo("secret not read");
    assertThat(log.getFirst().fields())
        .containsEntry("setting", "KEY_ARN")
        .containsEntry("error", "no answer")
        .containsEntry("ageSeconds", 300L);
    assertThat(log.toString()).doesNotContain("old");

    stored = Optional.of("new");
    assertThat(value()).isEqualTo("new");
  }

  @Test
  void aNewValueThatBreaksTheRuleIsNotUsedAndNotQuoted() {
    value();
    time.advance(Duration.ofMinutes(5));
    stored = Optional.of("SESAME");

    assertThat(value()).isEqualTo("old");

    assertThat(log).hasSize(1);
    assertThat(log.getFirst().fields())
        .containsEntry("error", "the secret must be plain text: lower case");
    assertThat(log.toString()).doesNotContain("SESAME");
  }

  @Test
  void withoutAFirstAnswerThereIsAClearErrorAndTheNextReadIsASecondLater() {
    stored = Optional.empty();

    assertUnavailable();
    assertUnavailable();
    assertThat(limits).hasSize(1);
    assertThat(log).extracting(LogEvent::level).containsExactly(Level.ERROR);
    assertThat(log.getFirst().fields()).doesNotContainKey("ageSeconds");

    stored = Optional.of("old");
    time.advance(Duration.ofSeconds(1));
    assertThat(value()).isEqualTo("old");
  }

  @ParameterizedTest
  @CsvSource({"PT0.2S, PT0.2S", "PT1M, PT3S"})
  void aFirstReadTakesAsLongAsItsUseAllowsAndThreeSecondsAtMost(Duration limit, Duration read) {
    var _ = secret.get(limit);

    assertThat(limits).containsExactly(read);
  }

  /** Otherwise a store that always takes half a second would never be heard. */
  @ParameterizedTest
  @CsvSource({"PT5M, PT0.3S", "PT9M59S, PT0.3S", "PT10M, PT0.5S"})
  void aReadWhileAValueServesTakesLessThanAThirdOfASecondUnlessTheValueIsOld(
      Duration age, Duration read) {
    value();
    time.advance(age);
    stored = Optional.empty();

    assertThat(value()).isEqualTo("old");

    assertThat(limits.getLast()).isEqualTo(read);
  }

  /** As the console of Secrets Manager stores a secret by default. */
  @Test
  void aJsonObjectIsNoSecret() {
    stored = Optional.of(" {\"key\":\"abc\"}");

    assertUnavailable();
    assertThat(log.toString()).doesNotContain("abc");
  }

  @Test
  void aUseWithoutTimeTakesTheLastValue() {
    Text value = secret.get(LIMIT);
    time.advance(Duration.ofHours(1));

    assertThat(secret.get(Duration.ZERO)).isSameAs(value);
    assertThat(limits).hasSize(1);
  }

  @Test
  void usesAtTheSameTimeShareOneRead() throws Exception {
    var threads = time.newExecutor();
    var results = threads.invokeAll(Collections.nCopies(20, (Callable<String>) this::value));

    for (var result : results) {
      assertThat(result.get()).isEqualTo("old");
    }
    assertThat(limits).hasSize(1);
  }

  @Test
  void itsTextOmitsTheValue() {
    value();

    assertThat(secret.toString()).isEqualTo("ManagedSecret[KEY_ARN]");
    assertThat(new Secret.Fixed<>("old").toString()).doesNotContain("old");
  }

  private void assertUnavailable() {
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(this::value)
        .withMessage("KEY_ARN has not been read");
  }
}
