package dev.signrelay.testing.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves no name until {@link #release}, and then every name to the loopback address. Like the
 * JDK's resolver, it ignores interruption.
 */
public final class DelayedDnsResolver implements DnsResolver {

  private final CountDownLatch released = new CountDownLatch(1);
  private final CompletableFuture<Thread> firstCaller = new CompletableFuture<>();

  /** Answers all queries, past and future. */
  public void release() {
    released.countDown();
  }

  /** The thread of the first query. */
  public CompletableFuture<Thread> firstCaller() {
    return firstCaller;
  }

  @Override
  public InetAddress[] resolve(String host) {
    firstCaller.complete(Thread.currentThread());
    awaitUninterruptibly();
    return new InetAddress[] {InetAddress.getLoopbackAddress(), InetAddress.getLoopbackAddress()};
  }

  private void awaitUninterruptibly() {
    try {
      released.await();
    } catch (InterruptedException _) {
      awaitUninterruptibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }
}
