package dev.shunt.datapath.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.Btf;
import dev.shunt.datapath.programs.FilterPins;
import dev.shunt.desired.filter.compile.Slots;
import dev.shunt.reconcile.filter.FilterReason;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the Java side of filter_layout.h with the BTF of the compiled object. */
class FilterLayoutTest {
  private static final Btf BTF = Btf.ofObject(object());

  private static byte[] object() {
    try (InputStream in = FilterLayoutTest.class.getResourceAsStream("/bpf/xdp.bpf.o")) {
      return Objects.requireNonNull(in, "xdp.bpf.o").readAllBytes();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  static Stream<StructLayout> layouts() {
    return Stream.of(
        FilterPoint.LAYOUT, FilterHits.LAYOUT, FilterTotalsRow.LAYOUT, FilterEventRecord.LAYOUT);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void layout_struct_hasOffsetsAndSizesOfBtf(StructLayout layout) {
    Map<String, StructLayout.Field> expected = new LinkedHashMap<>();
    BTF.members(layout.name())
        .forEach(
            (name, member) ->
                expected.put(name, new StructLayout.Field(member.offset(), member.size())));
    assertThat(layout.fields()).isEqualTo(expected);
    assertThat(layout.size()).isEqualTo(BTF.sizeOf(layout.name()));
  }

  @Test
  void pages_haveTheSizesThatTheCompilerWrites() {
    assertThat(BTF.sizeOf("filter_page")).isEqualTo(1024);
    assertThat(BTF.sizeOf("filter_bitmap")).isEqualTo(136);
    assertThat(BTF.sizeOf("filter_compare")).isEqualTo(64);
    assertThat(BTF.sizeOf("filter_rule")).isEqualTo(32);
    assertThat(BTF.sizeOf("filter_header")).isEqualTo(104);
    assertThat(BTF.sizeOf("filter_slot_state")).isEqualTo(16);
  }

  @Test
  void enums_areTheSame() {
    Map<String, Long> reasons = new LinkedHashMap<>();
    for (FilterReason reason : FilterReason.values()) {
      reasons.put("FILTER_" + reason.name(), (long) reason.number());
    }
    reasons.put("FILTER_REASONS", (long) Slots.FIRST);
    assertThat(BTF.enumerators("filter_reason")).isEqualTo(reasons);
    assertThat(BTF.enumerators("filter_size")).containsEntry("FILTER_SLOTS_MAX", (long) Slots.MAX);
    assertThat(BTF.enumerators("filter_hook"))
        .containsEntry("FILTER_XDP", (long) FilterPoint.XDP)
        .containsEntry("FILTER_TC_INGRESS", (long) FilterPoint.TC_INGRESS)
        .containsEntry("FILTER_TC_EGRESS", (long) FilterPoint.TC_EGRESS);
    assertThat(BTF.enumerators("filter_layout_version"))
        .containsEntry("FILTER_LAYOUT_VERSION", (long) FilterPins.LAYOUT_VERSION);
  }
}
