package dev.signrelay.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies of answers and callbacks. */
public final class ResultBody {

  private ResultBody() {}

  /** The members {@code success} and {@code data}, in this order. Null: there is no signature. */
  public static String success(@Nullable String signature) {
    return Json.write(Json.object().put("success", true).put("data", signature));
  }

  /** The same with an object of strings and numbers, in order. */
  public static String object(Map<String, ?> data) {
    ObjectNode body = Json.object().put("success", true);
    return Json.write(body.set("data", Json.tree(data)));
  }

  /**
   * The body of an error or a failure notice.
   *
   * @param error the broken rule, what failed and what the client can do, or the code of a dead
   *     letter's reason
   */
  public static String failure(String error) {
    return Json.write(Json.object().put("success", false).putNull("data").put("error", error));
  }
}
