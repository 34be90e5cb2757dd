package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.aws.Table;
import dev.signrelay.jobrecord.CacheEntry.Leased;
import dev.signrelay.jobrecord.CacheEntry.Reusable;
import dev.signrelay.jobrecord.CacheEntry.Vacant;
import dev.signrelay.jobrecord.Reservation.Result.KeyInUse;
import dev.signrelay.jobrecord.Reservation.Result.Reserved;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.SystemTime;
import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What the table of jobs does, in DynamoDB and in the memory of other tests. */
abstract class JobTableContract {

  static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final Instant NOW = FakeTime.START;
  static final Instant LEASE_END = NOW.plusSeconds(10);

  private static final String CLIENT = "key-0123456789abcdef";
  private static final Duration KEEP = Duration.ofHours(1);
  private static final Duration REUSE = Duration.ofSeconds(60);
  private static final int JOBS_PER_HOUR = 2;
  private static final URI UPSTREAM = URI.create("https://upstream.example");
  private static final ApiKey KEY = new ApiKey("key");

  /** Of a job; other items of a test have it, too. */
  final String id = UUID.randomUUID().toString();

  private final FakeTime time = new FakeTime();

  abstract DynamoDbClient client();

  abstract String tableName();

  final JobTable table() {
    return table(client(), tableName());
  }

  final JobTable table(DynamoDbClient client, String name) {
    return table(client, name, UPSTREAM, KEY);
  }

  private JobTable table(DynamoDbClient client, String name, URI upstream, ApiKey key) {
    return new JobTable(
        new Table(() -> client, name, new SystemTime()),
        new JobTable.Rules(KEEP, REUSE, JOBS_PER_HOUR),
        new MessageKeys(upstream, new Secret.Fixed<>(key)),
        time);
  }

  private Map<String, AttributeValue> item(String itemId) {
    return client()
        .getItem(
            g ->
                g.tableName(tableName())
                    .key(Map.of("id", AttributeValue.fromS(itemId)))
                    .consistentRead(true))
        .item();
  }

  /** The results of twenty callers at once. */
  private static <T> List<T> ofManyAtOnce(IntFunction<T> call) throws InterruptedException {
    List<Callable<T>> calls =
        IntStream.range(0, 20).<Callable<T>>mapToObj(i -> () -> call.apply(i)).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(calls).stream().map(result -> result.resultNow()).toList();
    }
  }

  // Records

  @Test
  void aRecordIsReadAsItWasWrittenAndThatOfAnotherJobIsUnknown() {
    write(record(5, JobStatus.SIGNING));

    assertRecord(record(5, JobStatus.SIGNING));
    assertThat(table().readRecord(UUID.randomUUID().toString(), TIMEOUT)).isEmpty();
  }

  @Test
  void aLaterRecordReplacesAnEarlierOneWithAllItsMembers() {
    write(record(5, JobStatus.FAILED));
    var later =
        new JobRecord(id, JobStatus.SIGNING, 6, CLIENT, NOW, 7, 0, null, "http-503", null, null);

    write(later);

    assertRecord(later);
  }

  /** A copy of a message, or the SDK's repetition of a request whose answer was lost. */
  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void aRecordThatIsNotLaterChangesNothingAndIsNoError(long position) {
    write(record(5, JobStatus.DELIVERING));

    write(record(position, JobStatus.FAILED));

    assertRecord(record(5, JobStatus.DELIVERING));
  }

  @Test
  void nothingFollowsTheLastPosition() {
    JobRecord last = record(Long.MAX_VALUE, JobStatus.DELIVERED);
    write(record(9_000_000_000_000_000_000L, JobStatus.DELIVERING));
    write(last);

    write(record(Long.MAX_VALUE, JobStatus.SIGNED));
    write(record(Long.MAX_VALUE - 1, JobStatus.FAILED));

    assertRecord(last);
  }

  /** A job that expires, or that is not called, has no new outcome. */
  @Test
  void aRecordWithoutAnOutcomeOrAClientKeepsTheEarlierOne() {
    write(record(5, JobStatus.SIGNING));

    write(new JobRecord(id, JobStatus.EXPIRED, 6, "", NOW, 1, 0, null, null, null, "expired"));

    assertRecord(
        new JobRecord(
            id, JobStatus.EXPIRED, 6, CLIENT, NOW, 1, 0, null, "http-429", null, "expired"));
  }

  /** DynamoDB deletes items late, and a job can wait for longer than its record is kept. */
  @Test
  void aRecordIsKeptForItsTimeAfterTheNextAttemptAndThenForgotten() {
    write(record(5, JobStatus.DELIVERED));

    time.advance(KEEP);
    assertThat(table().readRecord(id, TIMEOUT)).isPresent();
    time.advance(Duration.ofSeconds(1));
    assertThat(table().readRecord(id, TIMEOUT)).isEmpty();
  }

  /** An Idempotency-Key can be used again when its record is forgotten. */
  @Test
  void aRedrivenJobDoesNotWriteIntoTheRecordOfAnotherJobWithItsKey() {
    write(record(5, JobStatus.SIGNING));

    write(
        new JobRecord(
            id, JobStatus.SIGNED, 9, "", NOW.minusMillis(1), 1, 0, "another", null, null, null));

    assertRecord(record(5, JobStatus.SIGNING));
  }

  private void write(JobRecord written) {
    table().writeRecord(written, TIMEOUT);
  }

  private void assertRecord(JobRecord expected) {
    assertThat(table().readRecord(id, TIMEOUT)).contains(expected);
  }

  final JobRecord record(long position, JobStatus status) {
    return new JobRecord(
        id,
        status,
        position,
        CLIENT,
        NOW,
        3,
        2,
        "sïgnature\u0001",
        "http-429",
        NOW.plusMillis(1_234),
        "message-rejected");
  }

  // Reservations

  @Test
  void aKeyIsReservedForOneRequestUntilItsLeaseEndsAndStaysThatOfTheRequest() {
    assertReserved(wanted("a", "one", NOW));
    // Repeated after a lost answer.
    assertReserved(wanted("a", "one", NOW));

    assertThat(reserve(wanted("a", "two", NOW))).isEqualTo(new KeyInUse("a", null));
    assertThat(reserve(wanted("a", "two", LEASE_END.minusMillis(1))))
        .isEqualTo(new KeyInUse("a", null));
    assertThat(reserve(wanted("b", "two", LEASE_END))).isEqualTo(new KeyInUse("a", null));
    assertReserved(wanted("a", "two", LEASE_END));
    assertThat(reserve(wanted("a", "three", LEASE_END))).isEqualTo(new KeyInUse("a", null));
  }

  @Test
  void aReservationThatItsOwnerReleasesIsTheNextRequests() {
    assertReserved(wanted("a", "one", NOW));

    table().release(wanted("a", "two", NOW), TIMEOUT);
    assertThat(reserve(wanted("a", "two", NOW))).isEqualTo(new KeyInUse("a", null));

    table().release(wanted("a", "one", NOW), TIMEOUT);
    assertThat(reserve(wanted("b", "two", NOW))).isEqualTo(new KeyInUse("a", null));
    assertReserved(wanted("a", "two", NOW));
  }

  @Test
  void theRecordOfTheJobReplacesTheReservationAndKeepsTheFingerprint() {
    assertReserved(wanted("a", "one", NOW));
    assertThat(table().readRecord(id, TIMEOUT))
        .hasValueSatisfying(r -> assertThat(r.status()).isEqualTo(JobStatus.ANSWERING));
    JobRecord written = record(1, JobStatus.WAITING);

    write(written);
    table().release(wanted("a", "one", NOW), TIMEOUT);

    assertThat(reserve(wanted("a", "two", LEASE_END))).isEqualTo(new KeyInUse("a", written));
    assertRecord(written);
  }

  @Test
  void aRecordWithoutAReservationIsOfAnUnknownRequest() {
    JobRecord written = record(1, JobStatus.WAITING);
    write(written);

    assertThat(reserve(wanted("a", "one", NOW))).isEqualTo(new KeyInUse("", written));
  }

  @Test
  void aKeyThatIsForgottenIsReservedForAnyRequestAndNothingStaysOfItsRecord() {
    assertReserved(wanted("a", "one", NOW));
    write(record(1, JobStatus.DELIVERED));
    Instant forgotten = NOW.plus(KEEP).plusSeconds(1);

    assertThat(reserve(wanted("b", "two", forgotten.minusSeconds(1)))).isInstanceOf(KeyInUse.class);
    assertReserved(wanted("b", "two", forgotten));

    assertThat(reserve(wanted("b", "three", forgotten))).isEqualTo(new KeyInUse("b", null));
    assertThat(String.join(" ", new TreeSet<>(item(id).keySet())))
        .isEqualTo("acceptedAt client expiresAt fingerprint id leaseUntil owner status");
  }

  @Test
  void ofManyRequestsAtOnceOneIsReserved() throws InterruptedException {
    assertThat(ofManyAtOnce(i -> reserve(wanted("a", "owner-" + i, NOW))))
        .containsOnlyOnce(new Reserved());
  }

  private Reservation wanted(String fingerprint, String owner, Instant at) {
    return new Reservation(
        id, CLIENT, fingerprint, owner, at, at, at.plusSeconds(10), at.plus(KEEP));
  }

  private Reservation.Result reserve(Reservation wanted) {
    return table().reserve(wanted, TIMEOUT);
  }

  private void assertReserved(Reservation wanted) {
    assertThat(reserve(wanted)).isEqualTo(new Reserved());
  }

  // Signatures

  @Test
  void theLeaseOfAMessageIsTakenOnce() {
    assertThat(read()).isEqualTo(new Vacant());

    assertThat(lease("a")).isEqualTo(new Vacant());

    assertThat(lease("b")).isEqualTo(new Leased());
    assertThat(lease("a")).as("repeated").isEqualTo(new Vacant());
    assertThat(read()).isEqualTo(new Leased());
    assertThat(read(table(), id + " ")).isEqualTo(new Vacant());
  }

  @Test
  void ofManyCallersOneTakesTheLease() throws InterruptedException {
    assertThat(ofManyAtOnce(i -> lease("owner-" + i)))
        .containsOnlyOnce(new Vacant())
        .contains(new Leased());
  }

  @Test
  void aLeaseEndsWithItsTime() {
    lease("a");

    time.sleepUntil(LEASE_END);
    assertThat(lease("b")).isEqualTo(new Leased());
    time.sleepUntil(LEASE_END.plusMillis(1));
    assertThat(read()).isEqualTo(new Vacant());
    assertThat(lease("b", LEASE_END.plusSeconds(5))).isEqualTo(new Vacant());
    assertThat(read()).isEqualTo(new Leased());
  }

  @Test
  void aSignatureEndsTheLeaseAndPreventsOthers() {
    lease("a");
    time.advance(Duration.ofSeconds(1));

    store("signature\n ", NOW);

    CacheEntry signed = new Reusable("signature\n ", Duration.ofSeconds(1));
    assertThat(read()).isEqualTo(signed);
    assertThat(lease("a")).isEqualTo(signed);
    assertThat(lease("b")).isEqualTo(signed);
  }

  @Test
  void aSignatureIsReusedForTheTimeOfTheSetting() {
    store("signature", NOW);

    time.sleepUntil(NOW.plus(REUSE));
    assertThat(read()).isEqualTo(new Reusable("signature", REUSE));
    time.sleepUntil(NOW.plus(REUSE).plusMillis(1));
    assertThat(read()).isEqualTo(new Vacant());
    assertThat(lease("a", time.instant().plusSeconds(5))).isEqualTo(new Vacant());
  }

  /** Two machines' clocks differ. Times that are too far ahead are those of a wrong clock. */
  @Test
  void timesOfTheNearFutureCount() {
    store("signature", NOW.plus(REUSE).plusMillis(1));
    assertThat(read()).isEqualTo(new Vacant());
    store("signature", NOW.plus(REUSE));
    assertThat(read()).isEqualTo(new Reusable("signature", Duration.ZERO));
  }

  @Test
  void aLeaseThatIsTooLongIsThatOfAWrongClock() {
    assertThat(lease("a", NOW.plusSeconds(181))).isEqualTo(new Vacant());
    assertThat(read()).isEqualTo(new Vacant());
    assertThat(lease("b", NOW.plusSeconds(180))).isEqualTo(new Vacant());
    assertThat(read()).isEqualTo(new Leased());
  }

  @Test
  void onlyItsOwnerReleasesALease() {
    lease("a");

    table().releaseSignature(id, "b", TIMEOUT);
    assertThat(read()).isEqualTo(new Leased());
    table().releaseSignature(id, "a", TIMEOUT);
    assertThat(lease("b")).isEqualTo(new Vacant());

    store("signature", NOW);
    table().releaseSignature(id, "b", TIMEOUT);
    assertThat(read()).isInstanceOf(Reusable.class);
  }

  @Test
  void anyMessageCanBeAKey() {
    String longest = "\u0000\ud83d\ude00" + id + "x".repeat(4_091 - id.length());

    table().storeSignature(longest, "x".repeat(16_384), NOW, TIMEOUT);

    assertThat(read(table(), longest)).isInstanceOf(Reusable.class);
    assertThat(read(table(), longest.substring(1))).isEqualTo(new Vacant());
  }

  @Test
  void anotherKeyAndAnotherUpstreamHaveOtherItems() {
    store("signature", NOW);
    URI other = URI.create("https://other.example");

    for (JobTable changed :
        List.of(
            table(client(), tableName(), UPSTREAM, new ApiKey("new")),
            table(client(), tableName(), other, KEY))) {
      assertThat(read(changed, id)).isEqualTo(new Vacant());
    }
  }

  private CacheEntry read() {
    return read(table(), id);
  }

  /** Asks for a lease that has ended. */
  private CacheEntry read(JobTable asked, String message) {
    return asked.leaseSignature(message, "reader", time.instant().minusMillis(1), TIMEOUT);
  }

  private CacheEntry lease(String owner) {
    return lease(owner, LEASE_END);
  }

  private CacheEntry lease(String owner, Instant until) {
    return table().leaseSignature(id, owner, until, TIMEOUT);
  }

  private void store(String signature, Instant signedAt) {
    table().storeSignature(id, signature, signedAt, TIMEOUT);
  }

  // Quotas

  @Test
  void aClientStoresItsQuotaInAClockHourAndOthersHaveTheirs() {
    assertThat(take(NOW)).isTrue();
    assertThat(take(NOW.plusMillis(3_599_999))).isTrue();
    assertThat(take(NOW.plusMillis(3_599_999))).isFalse();
    assertThat(table().takeQuota("other-" + id, NOW, TIMEOUT)).isTrue();
    assertThat(take(NOW.plusSeconds(3_600))).isTrue();
  }

  @Test
  void aJobThatIsReturnedIsFreeInItsHourAndNeverTwice() {
    assertThat(take(NOW)).isTrue();

    table().returnQuota(id, NOW, TIMEOUT);
    table().returnQuota(id, NOW, TIMEOUT);

    assertThat(take(NOW)).isTrue();
    assertThat(take(NOW)).isTrue();
    assertThat(take(NOW)).isFalse();
  }

  @Test
  void ofManyJobsAtOnceExactlyTheQuotaIsTaken() throws InterruptedException {
    assertThat(ofManyAtOnce(_ -> take(NOW)).stream().filter(taken -> taken)).hasSize(JOBS_PER_HOUR);
  }

  @Test
  void aCounterExpiresByItself() {
    take(NOW.plusSeconds(1));

    assertThat(item("client#" + id + "#2026-11-23T12:00:00Z"))
        .containsEntry("used", AttributeValue.fromN("1"))
        .containsEntry(
            "expiresAt",
            AttributeValue.fromN(Long.toString(NOW.plusSeconds(7_200).getEpochSecond())));
  }

  private boolean take(Instant now) {
    return table().takeQuota(id, now, TIMEOUT);
  }
}
