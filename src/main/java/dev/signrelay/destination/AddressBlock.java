package dev.signrelay.destination;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * A block of IP addresses with a common prefix (CIDR, RFC 4632).
 *
 * @param size the size of an address in bits: 32 or 128
 * @param prefix the length of the common prefix in bits
 */
record AddressBlock(BigInteger start, int size, int prefix) {

  /** Reads {@code 192.0.2.0/24} or {@code 2001:db8::/32}. */
  static AddressBlock of(String text) {
    int slash = text.indexOf('/');
    byte[] start = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
    return new AddressBlock(
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
