package dev.signrelay.destination;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that a callback may connect to: all but those in IANA's special-purpose registries
 * (as of 2026), {@code www.iana.org/assignments/iana-ipv4-special-registry} and {@code
 * iana-ipv6-special-registry}. Blocks that the registries call globally reachable are excluded as
 * well: they are anycast services, and no receiver runs there.
 *
 * <p>An IPv4-mapped, NAT64, 6to4 or Teredo address is public if the IPv4 addresses in it are.
 */
public final class PublicAddresses {

  /** The registry's blocks, and multicast (RFC 5771) as the last one. */
  private static final List<Block> SPECIAL_IPV4 =
      blocks(
          "0.0.0.0/8", // this network, RFC 791
          "10.0.0.0/8", // private, RFC 1918
          "100.64.0.0/10", // shared address space, RFC 6598
          "127.0.0.0/8", // loopback, RFC 1122
          "169.254.0.0/16", // link local, RFC 3927
          "172.16.0.0/12", // private, RFC 1918
          "192.0.0.0/24", // IETF protocol assignments, RFC 6890: includes its sub-blocks
          "192.0.2.0/24", // documentation, RFC 5737
          "192.31.196.0/24", // AS112, RFC 7535
          "192.52.193.0/24", // AMT, RFC 7450
          "192.88.99.0/24", // 6to4 relay anycast, RFC 7526: includes .2, RFC 6751
          "192.168.0.0/16", // private, RFC 1918
          "192.175.48.0/24", // AS112, RFC 7534
          "198.18.0.0/15", // benchmarking, RFC 2544
          "198.51.100.0/24", // documentation, RFC 5737
          "203.0.113.0/24", // documentation, RFC 5737
          "240.0.0.0/4", // reserved, RFC 1112: includes the limited broadcast
          "224.0.0.0/4");

  /**
   * IANA's global unicast space (RFC 4291, 2.4). Outside of it are the registry's ::1, ::,
   * ::ffff:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48, 100::/64, 100:0:0:1::/64, 5f00::/16, fc00::/7 and
   * fe80::/10, IPv4-compatible (::/96) and site-local (fec0::/10) addresses and multicast
   * (ff00::/8).
   */
  private static final Block GLOBAL_UNICAST = Block.of("2000::/3");

  /** The registry's blocks within {@link #GLOBAL_UNICAST} that embed no IPv4 address. */
  private static final List<Block> SPECIAL_IPV6 =
      blocks(
          // IETF protocol assignments, RFC 2928: with 2001:1::1 to ::3, 2001:2::/48, 2001:3::/32,
          // 2001:4:112::/48, 2001:10::/28, 2001:20::/28 and 2001:30::/28
          "2001::/23",
          "2001:db8::/32", // documentation, RFC 3849
          "2620:4f:8000::/48", // AS112, RFC 7534
          "3fff::/20"); // documentation, RFC 9637

  /** IPv4-mapped (RFC 4291, 2.5.5.2): IPv4 is at the end. Java would read its text as IPv4. */
  private static final Block MAPPED = new Block(BigInteger.valueOf(0xffffL << 32), 128, 96);

  /** NAT64 (RFC 6052): the IPv4 address is at the end. */
  private static final Block NAT64 = Block.of("64:ff9b::/96");

  /** 6to4 (RFC 3056): the IPv4 address follows the prefix. */
  private static final Block SIX_TO_FOUR = Block.of("2002::/16");

  /**
   * Teredo (RFC 4380): the server's IPv4 follows the prefix, the client's, inverted, is at the end.
   */
  private static final Block TEREDO = Block.of("2001::/32");

  /**
   * A block of addresses with a common prefix (CIDR, RFC 4632).
   *
   * @param size the length of an address in bits: 32 or 128
   * @param prefix the length of the common prefix in bits
   */
  private record Block(BigInteger start, int size, int prefix) {

    /** Reads {@code 192.0.2.0/24} or {@code 2001:db8::/32}. */
    static Block of(String text) {
      int slash = text.indexOf('/');
      byte[] start = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
      return new Block(
          new BigInteger(1, start),
          start.length * Byte.SIZE,
          Integer.parseInt(text.substring(slash + 1)));
    }

    /** False for an address of the other family. */
    boolean contains(byte[] address) {
      return address.length * Byte.SIZE == size
          && new BigInteger(1, address).xor(start).shiftRight(size - prefix).signum() == 0;
    }
  }

  private PublicAddresses() {}

  /** Whether a callback may connect to an address. */
  public static boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? publicIpv4(bytes) : publicIpv6(bytes);
  }

  private static boolean publicIpv4(byte[] address) {
    return isInNone(SPECIAL_IPV4, address);
  }

  private static boolean publicIpv6(byte[] address) {
    if (MAPPED.contains(address) || NAT64.contains(address)) {
      return publicIpv4(fourFrom(address, 12));
    }
    if (SIX_TO_FOUR.contains(address)) {
      return publicIpv4(fourFrom(address, 2));
    }
    if (TEREDO.contains(address)) {
      return publicIpv4(fourFrom(address, 4)) && publicIpv4(inverted(fourFrom(address, 12)));
    }
    return GLOBAL_UNICAST.contains(address) && isInNone(SPECIAL_IPV6, address);
  }

  private static boolean isInNone(List<Block> blocks, byte[] address) {
    return blocks.stream().noneMatch(block -> block.contains(address));
  }

  private static byte[] fourFrom(byte[] address, int start) {
    return Arrays.copyOfRange(address, start, start + 4);
  }

  private static byte[] inverted(byte[] address) {
    byte[] inverted = new byte[address.length];
    for (int i = 0; i < address.length; i++) {
      inverted[i] = (byte) ~address[i];
    }
    return inverted;
  }

  private static List<Block> blocks(String... texts) {
    return Stream.of(texts).map(Block::of).toList();
  }
}
