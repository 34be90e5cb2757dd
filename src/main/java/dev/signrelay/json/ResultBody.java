package dev.signrelay.json;

import org.jspecify.annotations.Nullable;

/** The bodies of answers and callbacks. */
public final class ResultBody {

  private ResultBody() {}

  /**
   * The body with exactly the members {@code success} and {@code data}, in this order.
   *
   * @param signature null: there is none yet
   */
  public static String success(@Nullable String signature) {
    return Json.write(Json.object().put("success", true).put("data", signature));
  }

  /** The body of a failure notice, with the same members. */
  public static String failureNotice() {
    return Json.write(Json.object().put("success", false).putNull("data"));
  }

  /**
   * The body of an error.
   *
   * @param error the broken rule, or what failed and what the client can do
   */
  public static String failure(String error) {
    return Json.write(Json.object().put("success", false).putNull("data").put("error", error));
  }
}
