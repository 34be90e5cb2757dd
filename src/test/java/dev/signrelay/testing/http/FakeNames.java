package dev.signrelay.testing.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/** Resolves any name: to one answer after the other, then to the last one for ever. */
public final class FakeNames implements DnsResolver {

  /** The names asked for. */
  public final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private final Queue<InetAddress[]> answers = new ConcurrentLinkedQueue<>();

  /**
   * @param answers each one or more addresses between spaces; empty: the name does not exist
   */
  public FakeNames(String... answers) {
    for (String answer : answers) {
      this.answers.add(
          Stream.of(answer.split(" "))
              .filter(address -> !address.isEmpty())
              .map(InetAddress::ofLiteral)
              .toArray(InetAddress[]::new));
    }
  }

  @Override
  public InetAddress[] resolve(String host) {
    asked.add(host);
    return answers.size() > 1 ? answers.remove() : answers.element();
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }
}
