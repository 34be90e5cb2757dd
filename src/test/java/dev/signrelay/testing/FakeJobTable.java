package dev.signrelay.testing;

import dev.signrelay.aws.Table;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.jobrecord.JobTable.Rules;
import dev.signrelay.jobrecord.MessageKeys;
import dev.signrelay.secret.Secret;
import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** A table of jobs in memory: the production code on a {@link FakeDynamoDb}, which can fail. */
public final class FakeJobTable {

  /** A method of the table. */
  public enum Method {
    WRITE_RECORD,
    READ_RECORD,
    RESERVE,
    RELEASE,
    LEASE_SIGNATURE,
    STORE_SIGNATURE,
    RELEASE_SIGNATURE,
    TAKE_QUOTA,
    RETURN_QUOTA;

    static Method of(GetItemRequest request) {
      return READ_RECORD;
    }

    static Method of(UpdateItemRequest request) {
      Set<String> names = request.expressionAttributeNames().keySet();
      Set<String> values = request.expressionAttributeValues().keySet();
      if (names.contains("#used")) {
        return request.expressionAttributeValues().get(":change").n().equals("1")
            ? TAKE_QUOTA
            : RETURN_QUOTA;
      }
      if (names.contains("#leasedBy")) {
        return values.contains(":until")
            ? LEASE_SIGNATURE
            : values.contains(":signature") ? STORE_SIGNATURE : RELEASE_SIGNATURE;
      }
      return values.contains(":position")
          ? WRITE_RECORD
          : values.contains(":fingerprint") ? RESERVE : RELEASE;
    }
  }

  private record Request(Method method, Duration timeout) {}

  private static final URI UPSTREAM = URI.create("https://upstream.example");
  private static final ApiKey KEY = new ApiKey("key");

  /** The key is known. */
  public static final MessageKeys KEYS = new MessageKeys(UPSTREAM, new Secret.Fixed<>(KEY));

  private static final Rules RULES =
      new Rules(Duration.ofDays(1), Duration.ofMinutes(10), Integer.MAX_VALUE);

  /** The records that were written, also those that changed nothing. */
  public final List<JobRecord> written = new CopyOnWriteArrayList<>();

  /** The methods that fail, without being applied. */
  public final Set<Method> refused = ConcurrentHashMap.newKeySet();

  /** The methods that are applied and whose answer is lost. */
  public final Set<Method> unanswered = ConcurrentHashMap.newKeySet();

  public volatile boolean isDown;
  public volatile boolean keyIsKnown = true;

  private final FakeDynamoDb items = new FakeDynamoDb();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final InstantSource clock;

  public FakeJobTable(InstantSource clock) {
    this.clock = clock;
  }

  /** A table of jobs in a table. Its requests are made at once. */
  public static JobTable in(DynamoDbClient table, Rules rules, InstantSource clock) {
    return new JobTable(new Table(() -> table, "jobs", new AtOnce()), rules, KEYS, clock);
  }

  /** There is no table. */
  public static JobTable none() {
    var time = new AtOnce();
    return new JobTable(new Table(FakeDynamoDb::new, "", time), RULES, KEYS, time);
  }

  /** The same table for a test, which neither fails nor notes requests. */
  public JobTable direct() {
    return in(items, RULES, clock);
  }

  /** Writes a record, as if the code under test had. */
  public void store(JobRecord stored) {
    written.add(stored);
    direct().writeRecord(stored, Duration.ZERO);
  }

  /** The table for code under test. */
  public JobTable with(Rules rules) {
    var time = new AtOnce();
    var keys = new MessageKeys(UPSTREAM, new FakeSecret<>(KEY, () -> keyIsKnown));
    return new JobTable(
        new Table(() -> new Noting(time.limit()), "jobs", time), rules, keys, clock);
  }

  /** The methods that were called, in their order. */
  public List<Method> methods() {
    return requests.stream().map(Request::method).toList();
  }

  /**
   * The timeouts of the calls.
   *
   * @param methods of these; none: of all
   */
  public List<Duration> timeouts(Method... methods) {
    return requests.stream()
        .filter(made -> methods.length == 0 || Arrays.asList(methods).contains(made.method))
        .map(Request::timeout)
        .toList();
  }

  /** Forgets the calls that were made. */
  public void clear() {
    requests.clear();
  }

  /** The number of messages that have a lease, whether or not it has ended. */
  public long leases() {
    return items.items().stream().filter(item -> item.containsKey("leasedBy")).count();
  }

  /** Makes each call at once, whatever its limit is. */
  private static final class AtOnce extends FakeTime {

    private final ThreadLocal<Duration> limit = new ThreadLocal<>();

    /** Of the call that is being made. */
    Duration limit() {
      return limit.get();
    }

    @Override
    public <T> T callWithin(Duration newLimit, Callable<T> call) throws ExecutionException {
      limit.set(newLimit);
      try {
        return call.call();
      } catch (Exception e) {
        throw new ExecutionException(e);
      }
    }
  }

  /** The client of one request. */
  private final class Noting implements DynamoDbClient {

    private final Duration timeout;

    Noting(Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
      return note(Method.of(request), () -> items.getItem(request));
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
      return note(Method.of(request), () -> update(request));
    }

    private UpdateItemResponse update(UpdateItemRequest request) {
      if (Method.of(request) == Method.WRITE_RECORD) {
        var item = new HashMap<>(request.key());
        request.expressionAttributeValues().forEach((name, v) -> item.put(name.substring(1), v));
        written.add(JobRecord.of(item, Instant.EPOCH).orElseThrow());
      }
      return items.updateItem(request);
    }

    private <T> T note(Method method, Supplier<T> request) {
      requests.add(new Request(method, timeout));
      requireNot(isDown || refused.contains(method));
      T answer = request.get();
      requireNot(unanswered.contains(method));
      return answer;
    }

    private static void requireNot(boolean failing) {
      if (failing) {
        throw new IllegalStateException("the table is down");
      }
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
