package dev.signrelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Texts in an event. */
final class Texts {

  private Texts() {}

  /** The text of a string, a number or a boolean; null for everything else. */
  static @Nullable String of(JsonNode node) {
    return node.isValueNode() && !node.isNull() ? node.asText() : null;
  }

  /** The members of an object that are texts, in their order. */
  static Map<String, String> ofMembers(JsonNode object) {
    var texts = new LinkedHashMap<String, String>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String text = of(member.getValue());
      if (text != null) {
        texts.put(member.getKey(), text);
      }
    }
    return texts;
  }
}
