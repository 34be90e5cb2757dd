package dev.signrelay.callback;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys with which callbacks are signed.
 *
 * @param keys one, or several during a rotation; empty: callbacks are not signed
 */
public record CallbackSigningKeys(List<SigningKey> keys) {

  /** No keys: callbacks are not signed. */
  public static final CallbackSigningKeys NONE = new CallbackSigningKeys(List.of());

  /** The format that {@link #parse} reads. */
  public static final String RULE =
      "whsec_ and the padded base64 of 24 to 64 bytes, or several of these with spaces between";

  /** The format that {@link #parsePrivate} reads. */
  public static final String PRIVATE_RULE =
      "whsk_ and the padded base64 of an Ed25519 key, 32 bytes or 64 with the public key, or"
          + " several of these with spaces between; if CALLBACK_PUBLIC_KEY is set, each with its"
          + " public key there";

  private static final String SHARED_PREFIX = "whsec_";
  private static final String PRIVATE_PREFIX = "whsk_";

  /** The bounds of a shared secret in bytes (Standard Webhooks, "Signature scheme"). */
  private static final int MIN_BYTES = 24;

  private static final int MAX_BYTES = 64;

  /** A private key, alone or followed by its public key. */
  private static final int SEED_BYTES = 32;

  private static final int PAIR_BYTES = 64;

  public CallbackSigningKeys {
    keys = List.copyOf(keys);
  }

  /**
   * Parses shared secrets separated by white space.
   *
   * @return empty if there is none, or any of them breaks the rule
   */
  public static Optional<CallbackSigningKeys> parse(String text) {
    return parse(text, CallbackSigningKeys::sharedSecret);
  }

  /**
   * Parses private keys separated by white space.
   *
   * @param publicKeys that receivers can read; none: the operator hands them out
   * @return empty if there is none, any of them breaks the rule, or receivers could not verify its
   *     signatures
   */
  public static Optional<CallbackSigningKeys> parsePrivate(String text, PublicKeys publicKeys) {
    return parse(text, CallbackSigningKeys::privateKey)
        .filter(
            keys ->
                publicKeys.isEmpty() || publicKeys.texts().containsAll(keys.publicKeys().texts()));
  }

  private static Optional<CallbackSigningKeys> parse(
      String text, Function<String, Optional<? extends SigningKey>> parseOne) {
    var keys = new ArrayList<SigningKey>();
    for (String key : text.strip().split("\\s+")) {
      Optional<? extends SigningKey> parsed = parseOne.apply(key);
      if (parsed.isEmpty()) {
        return Optional.empty();
      }
      keys.add(parsed.get());
    }
    return Optional.of(new CallbackSigningKeys(keys));
  }

  private static Optional<SigningKey.Shared> sharedSecret(String text) {
    byte[] bytes = KeyText.bytes(SHARED_PREFIX, text);
    return bytes.length < MIN_BYTES || bytes.length > MAX_BYTES
        ? Optional.empty()
        : Optional.of(new SigningKey.Shared(bytes));
  }

  private static Optional<SigningKey.Private> privateKey(String text) {
    byte[] bytes = KeyText.bytes(PRIVATE_PREFIX, text);
    if (bytes.length != SEED_BYTES && bytes.length != PAIR_BYTES) {
      return Optional.empty();
    }
    var key = SigningKey.Private.ofSeed(Arrays.copyOf(bytes, SEED_BYTES));
    String given = PublicKeys.text(Arrays.copyOfRange(bytes, SEED_BYTES, bytes.length));
    return bytes.length == SEED_BYTES || given.equals(key.publicKey())
        ? Optional.of(key)
        : Optional.empty();
  }

  /** The public keys of the private ones. */
  public PublicKeys publicKeys() {
    return new PublicKeys(
        keys.stream()
            .filter(SigningKey.Private.class::isInstance)
            .map(key -> ((SigningKey.Private) key).publicKey())
            .toList());
  }

  /** These keys and others, in this order. */
  CallbackSigningKeys and(CallbackSigningKeys others) {
    return new CallbackSigningKeys(Stream.concat(keys.stream(), others.keys.stream()).toList());
  }

  /** The keys for one receiver, a host and a port: shared secrets are derived from these. */
  CallbackSigningKeys of(String receiver) {
    return new CallbackSigningKeys(keys.stream().<SigningKey>map(key -> key.of(receiver)).toList());
  }

  /** The secrets of {@link #of one receiver}, in the form that {@link #parse} reads. */
  public List<String> textsFor(String receiver) {
    return of(receiver).keys.stream()
        .filter(SigningKey.Shared.class::isInstance)
        .map(key -> KeyText.of(SHARED_PREFIX, ((SigningKey.Shared) key).secret().getEncoded()))
        .toList();
  }

  /**
   * The value of {@code webhook-signature}: one signature for each key, in order, separated by
   * spaces.
   *
   * @param id the value of {@code webhook-id}
   * @param timestamp the value of {@code webhook-timestamp}
   * @param body the bytes that are sent
   * @return empty if there are no keys
   */
  public Optional<String> sign(String id, String timestamp, byte[] body) {
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            keys.stream()
                .map(key -> key.sign(id + "." + timestamp + ".", body))
                .collect(Collectors.joining(" ")));
  }
}
