package dev.signrelay.system;

import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeSecretsManager;
import dev.signrelay.testing.JumpingTime;
import dev.signrelay.testing.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Secrets that change while several processes of a function are under load. Each process has a
 * clock of its own, on which ten seconds pass between two of its turns.
 */
final class SecretRotation implements AutoCloseable {

  static final int PROCESSES = 4;
  static final String OLD_KEY = "old-key";
  static final String NEW_KEY = "new-key";

  private static final String UPSTREAM_KEY = FakeSecretsManager.arn("upstream-key");
  private static final Duration BETWEEN_TURNS = Duration.ofSeconds(10);
  private static final Duration TIME_OF_A_ROTATION = Duration.ofMinutes(5);

  /**
   * The first change comes soon after the first read, when values are used for the longest time.
   */
  private static final int TURNS_BEFORE = 2;

  /** The least number of turns of each process after each change: longer than a rotation takes. */
  private static final int TURNS_AFTER = 40;

  /**
   * One invocation of a process.
   *
   * @param at by the process's clock
   * @param changes when the process first had a turn after each change
   */
  record Turn(int process, int number, Instant at, List<Instant> changes) {

    /** Whether five minutes have passed since a change; the first one is 0. */
    boolean isAfter(int change) {
      return changes.size() > change && !at.isBefore(changes.get(change).plus(TIME_OF_A_ROTATION));
    }
  }

  private final FakeSecretsManager secrets = new FakeSecretsManager();
  private final KeyedUpstream upstream = new KeyedUpstream();
  private final List<LogEvent> log = new CopyOnWriteArrayList<>();

  private final CountDownLatch started = new CountDownLatch(PROCESSES);
  private volatile int changesMade;

  SecretRotation() {
    upstream.accept(OLD_KEY);
    secrets.put(UPSTREAM_KEY, OLD_KEY);
  }

  FakeSecretsManager secrets() {
    return secrets;
  }

  KeyedUpstream upstream() {
    return upstream;
  }

  List<LogEvent> log() {
    return log;
  }

  /** Stores the new upstream key. The upstream accepts both. */
  void changeUpstreamKey() {
    upstream.accept(NEW_KEY);
    secrets.put(UPSTREAM_KEY, NEW_KEY);
  }

  /** Stores the new upstream key. The upstream refuses the old one. */
  void replaceUpstreamKey() {
    changeUpstreamKey();
    upstream.refuse(OLD_KEY);
  }

  /**
   * Runs all processes, and makes each change once all of them are under load.
   *
   * @param process starts a process, and returns what it does in a turn
   * @param settings in addition to those of the upstream
   * @return the results of all turns
   */
  <R> List<R> run(
      Map<String, String> settings,
      BiFunction<Services, JumpingTime, Function<Turn, R>> process,
      Runnable... changes)
      throws Exception {
    List<CountDownLatch> underLoad =
        Stream.of(changes).map(_ -> new CountDownLatch(PROCESSES)).toList();
    try (var threads = Executors.newFixedThreadPool(PROCESSES)) {
      List<Future<List<R>>> processes =
          IntStream.range(0, PROCESSES)
              .mapToObj(number -> threads.submit(() -> turns(number, settings, process, underLoad)))
              .toList();
      for (int i = 0; i < changes.length; i++) {
        underLoad.get(i).await();
        changes[i].run();
        changesMade = i + 1;
      }
      var results = new ArrayList<R>();
      for (Future<List<R>> turns : processes) {
        results.addAll(turns.get());
      }
      return results;
    }
  }

  private <R> List<R> turns(
      int process,
      Map<String, String> settings,
      BiFunction<Services, JumpingTime, Function<Turn, R>> start,
      List<CountDownLatch> underLoad)
      throws InterruptedException {
    var time = new JumpingTime();
    Function<Turn, R> function = start.apply(services(settings, time), time);
    started.countDown();
    started.await();
    var results = new ArrayList<R>();
    var seen = new ArrayList<Instant>();
    for (int sinceChange = 0; seen.size() < underLoad.size() || sinceChange < TURNS_AFTER; ) {
      time.jump(BETWEEN_TURNS);
      if (seen.size() < changesMade) {
        seen.add(time.instant());
        sinceChange = 0;
      }
      var turn = new Turn(process, results.size(), time.instant(), List.copyOf(seen));
      results.add(function.apply(turn));
      sinceChange++;
      int enough = seen.isEmpty() ? TURNS_BEFORE : TURNS_AFTER;
      if (sinceChange == enough && seen.size() < underLoad.size()) {
        underLoad.get(seen.size()).countDown();
      }
    }
    return results;
  }

  private Services services(Map<String, String> settings, JumpingTime time) {
    var all = new HashMap<>(settings);
    all.put("CRYPTO_CLIENT_BASE_URL", upstream.url());
    all.put("CRYPTO_CLIENT_API_KEY", "");
    all.put("CRYPTO_CLIENT_API_KEY_ARN", UPSTREAM_KEY);
    all.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    return ServiceFactory.create(
        TestEnvironment.config(all), AwsClients.of(secrets.url(), null), time, log::add);
  }

  @Override
  public void close() {
    upstream.close();
    secrets.close();
  }
}
