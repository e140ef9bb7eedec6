package dev.shunt.desired.pod;

import static dev.shunt.desired.pod.LabelRequirement.Operator.DOES_NOT_EXIST;
import static dev.shunt.desired.pod.LabelRequirement.Operator.EXISTS;
import static dev.shunt.desired.pod.LabelRequirement.Operator.IN;
import static dev.shunt.desired.pod.LabelRequirement.Operator.NOT_IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LabelSelectorTest {
  private static final Map<String, String> LABELS = Map.of("app", "web", "track", "");

  static Stream<Arguments> requirements() {
    return Stream.of(
        arguments("app", IN, List.of("web", "api"), true),
        arguments("app", IN, List.of("api"), false),
        arguments("none", IN, List.of("web"), false),
        arguments("track", IN, List.of(""), true),
        arguments("app", NOT_IN, List.of("api"), true),
        arguments("app", NOT_IN, List.of("web"), false),
        arguments("none", NOT_IN, List.of("web"), true),
        arguments("app", EXISTS, List.of(), true),
        arguments("track", EXISTS, List.of(), true),
        arguments("none", EXISTS, List.of(), false),
        arguments("app", DOES_NOT_EXIST, List.of(), false),
        arguments("none", DOES_NOT_EXIST, List.of(), true));
  }

  @ParameterizedTest
  @MethodSource("requirements")
  void matches_requirement_asKubernetesDoes(
      String key, LabelRequirement.Operator operator, List<String> values, boolean expected) {
    LabelRequirement requirement = new LabelRequirement(key, operator, values);

    assertThat(requirement.matches(LABELS)).isEqualTo(expected);
  }

  @Test
  void matches_severalConditions_allMustHold() {
    LabelRequirement tracked = new LabelRequirement("track", EXISTS, List.of());

    assertThat(new LabelSelector(Map.of("app", "web"), List.of(tracked)).matches(LABELS)).isTrue();
    assertThat(new LabelSelector(Map.of("app", "api"), List.of(tracked)).matches(LABELS)).isFalse();
    assertThat(LabelSelector.EVERYTHING.matches(Map.of())).isTrue();
    assertThat(LabelSelector.of(Map.of("app", "web", "x", "y")).matches(LABELS)).isFalse();
  }

  @Test
  void requirement_valuesThatDoNotFit_isRefused() {
    assertThatThrownBy(() -> new LabelRequirement("a", IN, List.of()))
        .hasMessage("values: [] (expected: at least one with In)");
    assertThatThrownBy(() -> new LabelRequirement("a", EXISTS, List.of("b")))
        .hasMessage("values: [b] (expected: none with Exists)");
  }

  @Test
  void text_isThatOfKubectl() {
    LabelSelector selector =
        new LabelSelector(
            Map.of("b", "2", "a", "1"),
            List.of(
                new LabelRequirement("c", IN, List.of("x", "y")),
                new LabelRequirement("d", NOT_IN, List.of("x")),
                new LabelRequirement("e", EXISTS, List.of()),
                new LabelRequirement("f", DOES_NOT_EXIST, List.of())));

    assertThat(selector).hasToString("a=1,b=2,c in (x,y),d notin (x),e,!f");
    assertThat(LabelSelector.EVERYTHING).hasToString("everything");
  }
}
