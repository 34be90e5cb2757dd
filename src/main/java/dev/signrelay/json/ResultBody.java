package dev.signrelay.json;

import java.util.LinkedHashMap;
import java.util.Map;
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
    return Json.write(body(true, data));
  }

  /**
   * The body {@code {"success":false,"data":null,"error":...}}.
   *
   * @param error the broken rule, what failed and what the client can do, or the code of a dead
   *     letter's reason
   */
  public static String failure(String error) {
    var body = body(false, null);
    body.put("error", error);
    return Json.write(body);
  }

  private static Map<String, @Nullable Object> body(boolean success, @Nullable Object data) {
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("success", success);
    body.put("data", data);
    return body;
  }
}
