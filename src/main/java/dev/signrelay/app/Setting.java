package dev.signrelay.app;

/** An environment variable, with its default and bounds. An empty variable counts as not set. */
public sealed interface Setting {

  String name();

  /**
   * A number. Both bounds are inclusive.
   *
   * @param isWhole false: a number of seconds, with up to nine decimals
   */
  record Bounded(String name, String byDefault, String min, String max, boolean isWhole)
      implements Setting {}

  /**
   * A text, such as a name, a URL, a list, or true or false.
   *
   * @param byDefault empty: it has none
   * @param rule describes the text, worded to follow "must be"
   * @param required whether it must be set
   */
  record Text(String name, String byDefault, String rule, boolean required) implements Setting {}

  /**
   * A secret, or a list of them, for local runs. In AWS, the {@link SecretArn} after it names it
   * instead.
   *
   * @param rule describes the value, worded to follow "must be"
   * @param required whether one of the two must be set
   */
  record Secrets(String name, String rule, boolean required) implements Setting {}

  /** The ARN of a secret in AWS Secrets Manager; not set: its value is in {@link Secrets}. */
  record SecretArn(String name) implements Setting {}
}
