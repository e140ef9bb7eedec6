package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  @Test
  void of_nestedDocument_isIndentedJson() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("count", 7L);
    document.put("ratio", 1.5);
    document.put("list", List.of(Map.of("on", true), "x"));
    document.put("none", Map.of());

    assertThat(JsonText.of(document))
        .isEqualTo(
            """
            {
              "count": 7,
              "ratio": 1.5,
              "list": [
                {
                  "on": true
                },
                "x"
              ],
              "none": {}
            }""");
  }

  @Test
  void of_quotesAndControls_areEscaped() {
    assertThat(JsonText.of(Map.of("k", "a\"b\\c\nd")))
        .isEqualTo("{\n  \"k\": \"a\\\"b\\\\c\\u000ad\"\n}");
  }

  @Test
  void of_valueWithoutJsonForm_isRefused() {
    assertThatThrownBy(() -> JsonText.of(Map.of("k", Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
