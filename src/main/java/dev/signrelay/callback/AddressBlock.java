package dev.signrelay.callback;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * Addresses that begin with the same bits.
 *
 * @param size of an address, in bits: 32 or 128
 * @param prefix how many of them are the block's
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
