package dev.signrelay.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.signrelay.local.JsonTree;
import org.junit.jupiter.api.Test;

final class ResultBodyTest {

  @Test
  void aSuccessHasTwoMembersInOrder() {
    assertThat(ResultBody.success("abc")).isEqualTo("{\"success\":true,\"data\":\"abc\"}");
    assertThat(ResultBody.success(null)).isEqualTo("{\"success\":true,\"data\":null}");
  }

  @Test
  void aFailureHasAnErrorAndNoData() {
    assertThat(ResultBody.failure("message is required"))
        .isEqualTo("{\"success\":false,\"data\":null,\"error\":\"message is required\"}");
  }

  @Test
  void aSignatureIsEscapedAsJson() throws JsonProcessingException {
    String signature = "a\"b\\c\r\n\té🔑\u2028";
    assertThat(JsonTree.read(ResultBody.success(signature)).get("data").textValue())
        .isEqualTo(signature);
  }
}
