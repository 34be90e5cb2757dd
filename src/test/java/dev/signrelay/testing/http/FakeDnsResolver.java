package dev.signrelay.testing.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/** Resolves every name to the same sequence of answers. The last answer is repeated. */
public final class FakeDnsResolver implements DnsResolver {

  /** The names that were resolved, in order. */
  public final Queue<String> queries = new ConcurrentLinkedQueue<>();

  private final Queue<InetAddress[]> answers = new ConcurrentLinkedQueue<>();

  /**
   * @param answers each contains addresses, separated by spaces; empty: no addresses
   */
  public FakeDnsResolver(String... answers) {
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
    queries.add(host);
    return answers.size() > 1 ? answers.remove() : answers.element();
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }
}
