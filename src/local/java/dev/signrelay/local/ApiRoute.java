package dev.signrelay.local;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A route of an HTTP API.
 *
 * @param path a segment in braces is variable
 */
record ApiRoute(String method, String path) {

  /** The routes of a function of the template, in their order. */
  static List<ApiRoute> of(Template template, String function) {
    return template.events(function, "HttpApi").stream()
        .map(event -> new ApiRoute((String) event.get("Method"), (String) event.get("Path")))
        .toList();
  }

  /** As in {@code routeKey}. */
  String key() {
    return method + " " + path;
  }

  /**
   * The variable parts of a request's path, decoded.
   *
   * @param requested percent-encoded
   * @return empty if the request does not match the route
   */
  Optional<Map<String, String>> match(String requestMethod, String requested) {
    String[] names = path.split("/", -1);
    String[] values = requested.split("/", -1);
    if (!method.equals(requestMethod) || names.length != values.length) {
      return Optional.empty();
    }
    var parameters = new LinkedHashMap<String, String>();
    for (int i = 0; i < names.length; i++) {
      if (names[i].startsWith("{") && !values[i].isEmpty()) {
        String name = names[i].substring(1, names[i].length() - 1);
        // Unlike in a query, a plus sign is no space.
        parameters.put(name, Exchange.decoded(values[i].replace("+", "%2B")));
      } else if (!names[i].equals(values[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }
}
