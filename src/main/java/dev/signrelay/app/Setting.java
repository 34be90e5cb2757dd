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
   * @param byDefault empty: there is none
   * @param rule describes the text, worded to follow "must be"
   * @param required whether it must be set
   */
  record Text(String name, String byDefault, String rule, boolean required) implements Setting {}

  /**
   * A secret, or a list of secrets, as plain text: for local runs. In AWS, the {@link SecretArn}
   * that follows this setting is set instead.
   *
   * @param rule describes the value, worded to follow "must be"
   * @param required whether this setting or its {@link SecretArn} must be set
   */
  record Secrets(String name, String rule, boolean required) implements Setting {}

  /** The ARN of a secret in AWS Secrets Manager; not set: {@link Secrets} has the value. */
  record SecretArn(String name) implements Setting {}
}
