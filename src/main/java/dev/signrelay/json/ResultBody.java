package dev.signrelay.json;

import org.jspecify.annotations.Nullable;

/** The bodies that clients and receivers get. */
public final class ResultBody {

  private ResultBody() {}

  /**
   * Exactly the members {@code success} and {@code data}, in this order.
   *
   * @param signature null: none yet
   */
  public static String success(@Nullable String signature) {
    return Json.write(Json.object().put("success", true).put("data", signature));
  }

  /** For a receiver whose job is given up: the same members. */
  public static String givenUp() {
    return Json.write(Json.object().put("success", false).putNull("data"));
  }

  /**
   * @param error which rule was broken, or what is wrong and what to do
   */
  public static String failure(String error) {
    return Json.write(Json.object().put("success", false).putNull("data").put("error", error));
  }
}
