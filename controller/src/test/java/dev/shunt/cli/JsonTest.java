package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  private static final String NASTY = "a\"b\\c\nd\te\u0001 \u00e9 \ud83d\ude00";

  @Test
  void write_everyKindOfValue_readBackEqual() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("text", NASTY);
    document.put("number", new BigInteger("18446744073709551615"));
    document.put("nothing", null);
    document.put("empty", List.of());
    document.put("list", List.of(1L, true, Map.of("k", 1.5)));

    for (String json : List.of(Json.pretty(document), Json.line(document))) {
      JsonObject read = new Gson().fromJson(json, JsonObject.class);
      assertThat(read.get("text").getAsString()).isEqualTo(NASTY);
      assertThat(read.get("number").getAsString()).isEqualTo("18446744073709551615");
      assertThat(read.get("nothing").isJsonNull()).isTrue();
      assertThat(read.get("list").getAsJsonArray()).hasSize(3);
    }
    assertThat(Json.line(document)).doesNotContain("\n");
  }

  @Test
  void pretty_nested_twoSpacesALevel() {
    assertThat(Json.pretty(Map.of("a", List.of(1)))).isEqualTo("{\n  \"a\": [\n    1\n  ]\n}");
    assertThat(Json.pretty(Map.of("a", List.of()))).isEqualTo("{\n  \"a\": []\n}");
  }
}
