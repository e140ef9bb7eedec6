package dev.shunt.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointIdsTest {
  @Test
  void assign_newNames_lowestFreeIds() {
    EndpointIds ids = EndpointIds.of(Map.of("b", 2)).assign(List.of("a", "b", "c"));

    assertThat(ids.asMap()).isEqualTo(Map.of("a", 1, "b", 2, "c", 3));
  }

  @Test
  void assign_nameGoneAndBack_keepsItsId() {
    EndpointIds ids = EndpointIds.empty().assign(List.of("a", "b")).assign(List.of("c"));

    assertThat(ids.assign(List.of("b")).of("b")).isEqualTo(2);
    assertThat(ids.of("c")).isEqualTo(3);
  }

  @Test
  void assign_idsRunOut_takesOneThatIsNotUsed() {
    List<String> names = IntStream.rangeClosed(1, 1022).mapToObj(i -> "n" + i).toList();
    EndpointIds full = EndpointIds.empty().assign(names);
    List<String> others = List.of("new", "n1", "n2");
    EndpointIds ids = full.assign(others);

    assertThat(ids.asMap()).hasSize(1022).containsEntry("n1", 1).containsEntry("n2", 2);
    assertThat(ids.of("new")).isEqualTo(full.of("n10"));
    assertThat(ids.asMap()).doesNotContainKey("n10");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1023})
  void of_idOutOfBounds_refused(int id) {
    assertThatThrownBy(() -> EndpointIds.of(Map.of("a", id)))
        .hasMessage("endpoint id of a: " + id + " (expected: 1..1022, used once)");
  }

  @Test
  void of_idTwice_refused() {
    assertThatThrownBy(() -> EndpointIds.of(Map.of("a", 1, "b", 1)))
        .hasMessageContaining("used once");
  }

  @Test
  void of_unknownName_refused() {
    assertThatThrownBy(() -> EndpointIds.empty().of("a")).hasMessage("endpoint a has no id");
  }

  @Test
  void reassignedSince_idOfAnotherName_isNamed() {
    EndpointIds before = EndpointIds.of(Map.of("a", 1, "b", 2));

    assertThat(EndpointIds.of(Map.of("a", 1, "c", 2, "d", 3)).reassignedSince(before))
        .containsExactly(2);
    assertThat(before.reassignedSince(EndpointIds.empty())).isEmpty();
  }
}
