package dev.signrelay.sign;

/** What a request is answered with: one row of the contract. */
sealed interface SignAnswer {

  /** 200 with the signature. */
  record Signed(String signature) implements SignAnswer {

    /** Omits the signature, which must not reach a log. */
    @Override
    public String toString() {
      return "Signed";
    }
  }

  /** 200 without a signature; the job is in the queue. */
  record Queued() implements SignAnswer {}

  /** 200 without a signature; none will follow. */
  record Unsigned() implements SignAnswer {}

  /** 200 without a signature; the upstream will never sign the message. */
  record Rejected() implements SignAnswer {}

  /**
   * 400.
   *
   * @param error names the field and the rule
   */
  record Invalid(String error) implements SignAnswer {}

  /** 401: the request has no valid API key. */
  record Unauthorized() implements SignAnswer {}

  /** 503: the queue did not store the job, so nothing will follow. */
  record NotQueued() implements SignAnswer {}

  /** 503: the function failed. */
  record InternalError() implements SignAnswer {}
}
