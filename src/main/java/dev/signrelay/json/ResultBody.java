package dev.signrelay.json;

import org.jspecify.annotations.Nullable;

/** The bodies of answers and callbacks. */
public final class ResultBody {

  private ResultBody() {}

  /**
   * The body {@code {"success":true,"data":...}}.
   *
   * @param data a text, or an object of texts and numbers, in order; null: no signature
   */
  public static String success(@Nullable Object data) {
    return Json.write(Json.object().put("success", true).putPOJO("data", data));
  }

  /**
   * The body {@code {"success":false,"data":null,"error":...}}.
   *
   * @param error the broken rule, what failed and what the client can do, or the code of a dead
   *     letter's reason
   */
  public static String failure(String error) {
    return Json.write(Json.object().put("success", false).putNull("data").put("error", error));
  }
}
