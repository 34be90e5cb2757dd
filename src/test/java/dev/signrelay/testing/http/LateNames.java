package dev.signrelay.testing.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.client5.http.DnsResolver;

/** Like the JDK's resolver, it does not care for interruption. */
public final class LateNames implements DnsResolver {
  private final CountDownLatch answer = new CountDownLatch(1);
  private final CompletableFuture<Thread> asking = new CompletableFuture<>();

  /** Lets every name, asked for before or after, resolve to the loopback address. */
  public void resolve() {
    answer.countDown();
  }

  /** The thread that asked first. */
  public CompletableFuture<Thread> asking() {
    return asking;
  }

  @Override
  public InetAddress[] resolve(String host) {
    asking.complete(Thread.currentThread());
    awaitUninterruptibly();
    return new InetAddress[] {InetAddress.getLoopbackAddress(), InetAddress.getLoopbackAddress()};
  }

  private void awaitUninterruptibly() {
    try {
      answer.await();
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
