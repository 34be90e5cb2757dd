package dev.signrelay.testing;

import dev.signrelay.quota.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The quota of one client, in memory. */
public final class FakeQuota implements Quota {

  public int left = 1_000_000;
  public boolean isDown;

  /** The clients and the timeouts of the writes, those that failed included. */
  public final List<String> clients = new ArrayList<>();

  public final List<Duration> timeouts = new ArrayList<>();

  @Override
  public boolean take(String client, Instant now, Duration timeout) {
    write(client, timeout);
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }

  @Override
  public void giveBack(String client, Instant taken, Duration timeout) {
    write(client, timeout);
    left++;
  }

  private void write(String client, Duration timeout) {
    clients.add(client);
    timeouts.add(timeout);
    if (isDown) {
      throw new QuotaUnavailableException("the table is down", new IllegalStateException("test"));
    }
  }
}
