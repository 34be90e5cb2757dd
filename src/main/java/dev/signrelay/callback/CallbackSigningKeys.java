package dev.signrelay.callback;

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

  public static final CallbackSigningKeys NONE = new CallbackSigningKeys(List.of());

  /** The format that {@link #parse} reads. */
  public static final String RULE =
      "whsec_ and the padded base64 of 24 to 64 bytes, or several of these with spaces between";

  /** The format that {@link #parsePrivate} reads. */
  public static final String PRIVATE_RULE =
      "whsk_ and the padded base64 of an Ed25519 key, 32 bytes or 64 with the public key, or"
          + " several of these with spaces between; if CALLBACK_PUBLIC_KEY is set, each with its"
          + " public key there";

  /** The format that {@link #parsePublic} reads. */
  public static final String PUBLIC_RULE =
      "whpk_ and the padded base64 of 32 bytes, or several of these with spaces between";

  public CallbackSigningKeys {
    keys = List.copyOf(keys);
  }

  /**
   * Parses shared secrets separated by white space.
   *
   * @return empty if there is no secret, or any of them breaks the rule
   */
  public static Optional<CallbackSigningKeys> parse(String text) {
    return parse(text, SigningKey.Shared::parse);
  }

  /**
   * Parses private keys separated by white space.
   *
   * @param published the public keys that receivers can read; empty: every private key is accepted
   * @return empty if there is no key, or any of them breaks the rule or has no published public key
   */
  public static Optional<CallbackSigningKeys> parsePrivate(String text, List<String> published) {
    return parse(text, SigningKey.Private::parse)
        .filter(keys -> published.isEmpty() || published.containsAll(keys.publicKeys()));
  }

  /**
   * Parses public keys separated by white space. They are not secret.
   *
   * @return empty if there is no key
   * @throws IllegalArgumentException if any of them breaks the rule
   */
  public static List<String> parsePublic(String text) {
    List<String> keys = Arrays.stream(text.split("\\s+")).filter(key -> !key.isEmpty()).toList();
    if (!keys.stream().allMatch(SigningKey.Private::isPublicKey)) {
      throw new IllegalArgumentException("must be " + PUBLIC_RULE);
    }
    return keys;
  }

  private static Optional<CallbackSigningKeys> parse(
      String text, Function<String, Optional<SigningKey>> parseOne) {
    String[] texts = text.strip().split("\\s+");
    List<SigningKey> keys = Arrays.stream(texts).map(parseOne).flatMap(Optional::stream).toList();
    return keys.size() == texts.length
        ? Optional.of(new CallbackSigningKeys(keys))
        : Optional.empty();
  }

  /** The public keys of the private keys, in the form that {@link #parsePublic} reads. */
  public List<String> publicKeys() {
    return keys(SigningKey.Private.class).map(SigningKey.Private::publicKey).toList();
  }

  /** The secrets for one receiver, derived from these, in the form that {@link #parse} reads. */
  public List<String> textsFor(String receiver) {
    return of(receiver).keys(SigningKey.Shared.class).map(SigningKey.Shared::text).toList();
  }

  private <K extends SigningKey> Stream<K> keys(Class<K> kind) {
    return keys.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** These keys and others, in this order. */
  CallbackSigningKeys and(CallbackSigningKeys others) {
    return new CallbackSigningKeys(Stream.concat(keys.stream(), others.keys.stream()).toList());
  }

  /**
   * The keys for one {@link HttpCallbackSender#receiver}: shared secrets are derived from these.
   */
  CallbackSigningKeys of(String receiver) {
    return new CallbackSigningKeys(keys.stream().<SigningKey>map(key -> key.of(receiver)).toList());
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
