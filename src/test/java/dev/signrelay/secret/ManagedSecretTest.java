package dev.signrelay.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.secret.SecretSource.Managed;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ManagedSecretTest {

  private static final Duration LIMIT = Duration.ofMillis(500);

  /** The store's answer; a missing one means that it hangs. */
  private volatile Optional<String> stored = Optional.of("old");

  private final AtomicInteger reads = new AtomicInteger();
  private final List<Duration> limits = new CopyOnWriteArrayList<>();
  private final List<LogEvent> log = new CopyOnWriteArrayList<>();
  private final HangingTime time = new HangingTime();
  private final ManagedSecret<Text> secret =
      new ManagedSecret<>(
          new Managed<>("KEY_ARN", "the-arn", "lower case", Text::parse),
          this::read,
          time,
          log::add);

  private record Text(String value) {

    static Optional<Text> parse(String text) {
      return text.matches("[a-z]+") ? Optional.of(new Text(text)) : Optional.empty();
    }
  }

  /** A store that hangs takes as long as it may. */
  private final class HangingTime extends FakeTime {

    @Override
    public <T> T callWithin(Duration limit, Callable<T> call)
        throws TimeoutException, ExecutionException {
      limits.add(limit);
      if (stored.isEmpty()) {
        reads.incrementAndGet();
        advance(limit);
        throw new TimeoutException();
      }
      return super.callWithin(limit, call);
    }
  }

  private String read(String arn) {
    assertThat(arn).isEqualTo("the-arn");
    reads.incrementAndGet();
    return stored.orElseThrow();
  }

  private String value() {
    return secret.get(LIMIT).value();
  }

  @Test
  void itIsReadWhenItIsFirstUsedAndNotBefore() {
    assertThat(reads).hasValue(0);
    assertThat(value()).isEqualTo("old");
    assertThat(value()).isEqualTo("old");
    assertThat(reads).hasValue(1);
  }

  @Test
  void aValueIsReadAgainWhenItIsFiveMinutesOld() {
    value();
    stored = Optional.of("new");

    time.advance(Duration.ofMinutes(5).minusNanos(1));
    assertThat(value()).isEqualTo("old");

    time.advance(Duration.ofNanos(1));
    assertThat(value()).isEqualTo("new");
    assertThat(reads).hasValue(2);
  }

  @Test
  void aProcessThatWasFrozenReadsItBeforeItsNextUse() {
    value();
    stored = Optional.of("new");

    time.advance(Duration.ofHours(3));

    assertThat(value()).isEqualTo("new");
  }

  @Test
  void aClockThatIsSetBackDoesNotKeepAnOldValue() {
    value();
    stored = Optional.of("new");

    time.advance(Duration.ofHours(-1));

    assertThat(value()).isEqualTo("new");
  }

  @Test
  void aSecretThatIsRefusedIsReadAgainAtOnce() {
    value();
    stored = Optional.of("new");
    time.advance(Duration.ofSeconds(10));

    secret.refused(secret.get(LIMIT));

    assertThat(value()).isEqualTo("new");
  }

  @Test
  void aSecretThatKeepsBeingRefusedIsReadAgainEveryTenSeconds() {
    for (int second = 0; second < 60; second++) {
      secret.refused(secret.get(LIMIT));
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(reads).hasValue(6);
  }

  @Test
  void aRefusalOfAnEarlierValueIsIgnored() {
    Text old = secret.get(LIMIT);
    time.advance(Duration.ofMinutes(5));
    value();
    time.advance(Duration.ofSeconds(10));

    secret.refused(old);
    value();

    assertThat(reads).hasValue(2);
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

    assertThat(reads).hasValue(3);
    assertThat(log).hasSize(2);
    assertThat(log.getFirst().level()).isEqualTo(Level.WARN);
    assertThat(log.getFirst().name()).isEqualTo("secret not read");
    assertThat(log.getFirst().fields())
        .containsEntry("setting", "KEY_ARN")
        .containsEntry("error", "Secrets Manager did not answer in time")
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
    assertThat(reads).hasValue(1);
    assertThat(log).extracting(LogEvent::level).containsExactly(Level.ERROR);
    assertThat(log.getFirst().fields()).doesNotContainKey("ageSeconds");

    stored = Optional.of("old");
    time.advance(Duration.ofSeconds(1));
    assertThat(value()).isEqualTo("old");
  }

  @Test
  void aReadTakesAsLongAsItsUseAllowsAndThreeSecondsAtMost() {
    stored = Optional.empty();

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> secret.get(Duration.ofMillis(200)));
    time.advance(Duration.ofSeconds(1));
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> secret.get(Duration.ofMinutes(1)));

    assertThat(limits).containsExactly(Duration.ofMillis(200), Duration.ofSeconds(3));
  }

  @Test
  void aReadWhileAValueServesTakesLessThanAThirdOfASecond() {
    value();
    time.advance(Duration.ofMinutes(5));
    stored = Optional.empty();

    value();

    assertThat(limits.getLast()).isEqualTo(Duration.ofMillis(300));
  }

  /** Otherwise a store that always takes half a second would never be heard. */
  @Test
  void aReadWhileAnOldValueServesTakesAsLongAsAFirstRead() {
    value();
    time.advance(Duration.ofMinutes(10));
    stored = Optional.empty();

    assertThat(value()).isEqualTo("old");

    assertThat(limits.getLast()).isEqualTo(LIMIT);
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
    assertThat(reads).hasValue(1);
  }

  @Test
  void usesAtTheSameTimeShareOneRead() throws Exception {
    var threads = time.newExecutor();
    var results = threads.invokeAll(Collections.nCopies(20, (Callable<String>) this::value));

    for (var result : results) {
      assertThat(result.get()).isEqualTo("old");
    }
    assertThat(reads).hasValue(1);
  }

  @Test
  void itsTextOmitsTheValue() {
    value();

    assertThat(secret.toString()).isEqualTo("ManagedSecret[KEY_ARN]");
    assertThat(Secret.fixed("old").toString()).doesNotContain("old");
    assertThat(new SecretSource.Plain<>("old").toString()).doesNotContain("old");
  }

  private void assertUnavailable() {
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(this::value)
        .withMessage("KEY_ARN has not been read");
  }
}
