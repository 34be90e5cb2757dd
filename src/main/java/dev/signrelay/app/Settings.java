package dev.signrelay.app;

import dev.signrelay.app.Setting.Flag;
import dev.signrelay.app.Setting.Items;
import dev.signrelay.app.Setting.Seconds;
import dev.signrelay.app.Setting.Secrets;
import dev.signrelay.app.Setting.Text;
import dev.signrelay.app.Setting.Url;
import dev.signrelay.app.Setting.WholeNumber;
import dev.signrelay.callback.PublicKeys;
import dev.signrelay.callback.WebhookSecrets;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.upstream.ApiKey;
import java.util.List;

/**
 * All settings with their names, defaults and bounds. Classes that rely on a bound check it again.
 */
public final class Settings {

  static final Url UPSTREAM_BASE_URL = new Url("CRYPTO_CLIENT_BASE_URL");

  /** True, so that a local run needs no TLS. The template sets false. */
  static final Flag UPSTREAM_ALLOW_PLAIN_HTTP = new Flag("CRYPTO_CLIENT_ALLOW_PLAIN_HTTP", true);

  static final Secrets UPSTREAM_API_KEY = new Secrets("CRYPTO_CLIENT_API_KEY", ApiKey.RULE, true);
  static final Seconds UPSTREAM_TIMEOUT =
      new Seconds("CRYPTO_CLIENT_TIMEOUT_SECONDS", "1.5", "0.1", "1.5");
  static final Seconds UPSTREAM_RETRY_TIMEOUT =
      new Seconds("CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "10", "0.1", "60");

  static final WholeNumber CALLS_PER_MINUTE =
      new WholeNumber("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", 10, 0, 100_000);

  /** Required unless the limit is 0. */
  static final Text RATE_LIMIT_TABLE = new Text("RATE_LIMIT_TABLE", true);

  static final Url RETRY_QUEUE_URL = new Url("RETRY_QUEUE_URL");
  static final Url CALLBACK_QUEUE_URL = new Url("CALLBACK_QUEUE_URL");
  static final Url LINE_QUEUE_URL = new Url("LINE_QUEUE_URL");
  static final Url DEAD_LETTER_QUEUE_URL = new Url("DEAD_LETTER_QUEUE_URL");
  static final Seconds RETRY_BASE_DELAY = new Seconds("RETRY_BASE_DELAY_SECONDS", "20", "1", "900");

  /** Must be at least {@link #RETRY_BASE_DELAY}. */
  static final Seconds RETRY_MAX_DELAY =
      new Seconds("RETRY_MAX_DELAY_SECONDS", "900", "1", "86400");

  static final WholeNumber RETRY_MAX_ATTEMPTS = new WholeNumber("RETRY_MAX_ATTEMPTS", 20, 1, 1_000);

  /** For at least a day. The maximum is the time for which SQS keeps a message. */
  static final WholeNumber RETRY_GIVE_UP_AFTER =
      new WholeNumber("RETRY_GIVE_UP_AFTER_SECONDS", 86_400, 0, 1_209_600);

  /** 0: no bound. The maximum leaves three of the 14 days for which SQS keeps a message. */
  static final WholeNumber LINE_MAX_TIME = new WholeNumber("LINE_MAX_SECONDS", 86_400, 0, 950_400);

  static final Flag CALLBACK_ENABLED = new Flag("CALLBACK_ENABLED", true);
  static final Seconds CALLBACK_TIMEOUT =
      new Seconds("CALLBACK_TIMEOUT_SECONDS", "10", "0.1", "60");
  static final WholeNumber CALLBACK_MAX_ATTEMPTS =
      new WholeNumber("CALLBACK_MAX_ATTEMPTS", 10, 1, 1_000);

  /** Must be at least {@link #RETRY_BASE_DELAY}. */
  static final Seconds CALLBACK_MAX_DELAY =
      new Seconds("CALLBACK_MAX_DELAY_SECONDS", "14400", "1", "86400");

  /** Three days (Standard Webhooks, "Deliverability and Reliability"). */
  static final WholeNumber CALLBACK_GIVE_UP_AFTER =
      new WholeNumber("CALLBACK_GIVE_UP_AFTER_SECONDS", 259_200, 0, 1_209_600);

  static final Flag CALLBACK_ON_FAILURE = new Flag("CALLBACK_ON_FAILURE", false);
  static final Flag CALLBACK_ALLOW_PRIVATE_ADDRESSES =
      new Flag("CALLBACK_ALLOW_PRIVATE_ADDRESSES", false);
  static final Items CALLBACK_ALLOWED_HOSTS =
      new Items("CALLBACK_ALLOWED_HOSTS", "", "hosts or *.domain");
  static final Items CALLBACK_ALLOWED_PORTS =
      new Items("CALLBACK_ALLOWED_PORTS", "443,8443", "ports from 1 to 65535");
  static final Secrets CALLBACK_SIGNING_SECRET =
      new Secrets("CALLBACK_SIGNING_SECRET", WebhookSecrets.RULE, false);
  static final Flag CALLBACK_SECRET_PER_HOST = new Flag("CALLBACK_SECRET_PER_HOST", false);
  static final Secrets CALLBACK_SIGNING_KEY =
      new Secrets("CALLBACK_SIGNING_KEY", WebhookSecrets.PRIVATE_RULE, false);
  static final Items CALLBACK_PUBLIC_KEY = new Items("CALLBACK_PUBLIC_KEY", "", PublicKeys.RULE);
  static final Secrets CLIENT_API_KEYS = new Secrets("CLIENT_API_KEYS", ClientKeys.RULE, false);

  /** 0: no quota. */
  static final WholeNumber CLIENT_JOBS_PER_HOUR =
      new WholeNumber("CLIENT_JOBS_PER_HOUR", 0, 0, 1_000_000);

  /** Empty: jobs have no records. */
  static final Text JOB_TABLE = new Text("JOB_TABLE", false);

  static final WholeNumber JOB_RECORD_TIME =
      new WholeNumber("JOB_RECORD_SECONDS", 86_400, 60, 1_209_600);

  /** 0: no signature is reused. */
  static final WholeNumber SIGNATURE_CACHE_TIME =
      new WholeNumber("SIGNATURE_CACHE_SECONDS", 0, 0, 86_400);

  /** In the order of the documentation. */
  public static final List<Setting> ALL =
      List.of(
          UPSTREAM_BASE_URL,
          UPSTREAM_ALLOW_PLAIN_HTTP,
          UPSTREAM_API_KEY,
          UPSTREAM_API_KEY.arn(),
          UPSTREAM_TIMEOUT,
          UPSTREAM_RETRY_TIMEOUT,
          CALLS_PER_MINUTE,
          RATE_LIMIT_TABLE,
          RETRY_QUEUE_URL,
          CALLBACK_QUEUE_URL,
          LINE_QUEUE_URL,
          DEAD_LETTER_QUEUE_URL,
          RETRY_BASE_DELAY,
          RETRY_MAX_DELAY,
          RETRY_MAX_ATTEMPTS,
          RETRY_GIVE_UP_AFTER,
          LINE_MAX_TIME,
          CALLBACK_ENABLED,
          CALLBACK_TIMEOUT,
          CALLBACK_MAX_DELAY,
          CALLBACK_MAX_ATTEMPTS,
          CALLBACK_GIVE_UP_AFTER,
          CALLBACK_ON_FAILURE,
          CALLBACK_ALLOW_PRIVATE_ADDRESSES,
          CALLBACK_ALLOWED_HOSTS,
          CALLBACK_ALLOWED_PORTS,
          CALLBACK_SIGNING_SECRET,
          CALLBACK_SIGNING_SECRET.arn(),
          CALLBACK_SECRET_PER_HOST,
          CALLBACK_SIGNING_KEY,
          CALLBACK_SIGNING_KEY.arn(),
          CALLBACK_PUBLIC_KEY,
          CLIENT_API_KEYS,
          CLIENT_API_KEYS.arn(),
          CLIENT_JOBS_PER_HOUR,
          JOB_TABLE,
          JOB_RECORD_TIME,
          SIGNATURE_CACHE_TIME);

  private Settings() {}
}
