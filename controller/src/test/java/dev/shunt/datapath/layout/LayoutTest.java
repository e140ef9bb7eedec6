package dev.shunt.datapath.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.layout.EndpointPolicyRow.PortRange;
import dev.shunt.datapath.libbpf.Btf;
import dev.shunt.datapath.maps.EndpointPoliciesMap;
import dev.shunt.datapath.maps.NodeTotalsMap;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.desired.DesiredEndpoint;
import dev.shunt.observe.EventType;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Side;
import dev.shunt.observe.Step;
import dev.shunt.observe.Trait;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the Java side of layout.h with the BTF of the compiled object. */
class LayoutTest {
  private static final Btf BTF = Btf.ofObject(object("sockmap"));
  private static final Btf TAP = Btf.ofObject(object("tap"));

  private static byte[] object(String name) {
    try (InputStream in = LayoutTest.class.getResourceAsStream("/bpf/" + name + ".bpf.o")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  static Stream<StructLayout> layouts() {
    return Stream.of(
        Workload.LAYOUT,
        Address.LAYOUT,
        PortRange.LAYOUT,
        EndpointPolicyRow.LAYOUT,
        NetnsState.LAYOUT,
        SelectorKey.LAYOUT,
        TraitState.LAYOUT,
        TraitState.Use.LAYOUT,
        EndpointCountersRow.LAYOUT,
        NodeCountersRow.LAYOUT,
        NodeConfigLayout.LAYOUT,
        PairRow.END,
        PairRow.LAYOUT,
        ConnectionRow.LAYOUT,
        EventRecord.LAYOUT,
        TapFilterRow.LAYOUT,
        TapStateRow.LAYOUT,
        TapRecord.END,
        TapRecord.LAYOUT);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void layout_struct_hasOffsetsOfBtf(StructLayout layout) {
    Map<String, Integer> expected = new LinkedHashMap<>();
    btf(layout)
        .members(layout.name())
        .forEach((name, member) -> expected.put(name, member.offset()));
    Map<String, Integer> actual = new LinkedHashMap<>();
    layout.fields().forEach((name, field) -> actual.put(name, field.offset()));
    assertThat(actual).as("struct %s", layout.name()).isEqualTo(expected);
    assertThat(layout.size()).as("sizeof(struct %s)", layout.name()).isEqualTo(size(layout));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void layout_fields_haveSizesOfBtf(StructLayout layout) {
    btf(layout)
        .members(layout.name())
        .forEach(
            (name, member) ->
                assertThat(Objects.requireNonNull(layout.fields().get(name)).size())
                    .as("%s.%s", layout.name(), name)
                    .isEqualTo(member.size()));
  }

  private static int size(StructLayout layout) {
    return btf(layout).sizeOf(layout.name());
  }

  private static Btf btf(StructLayout layout) {
    return layout.name().startsWith("tap_") ? TAP : BTF;
  }

  @Test
  void enums_reasons_areTheSameList() {
    Map<String, Long> actual = new LinkedHashMap<>();
    for (Reason reason : Reason.values()) {
      actual.put("REASON_" + reason.name(), (long) reason.number());
    }
    Map<String, Long> expected = new LinkedHashMap<>(BTF.enumerators("reason"));
    assertThat(expected.remove("REASON_COUNT")).isEqualTo((long) EndpointCountersRow.REASON_COUNT);
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void enums_stepSideAndEvent_areTheSameLists() {
    Map<String, Long> steps = new LinkedHashMap<>();
    for (Step step : Step.values()) {
      steps.put("STEP_" + step.name(), (long) step.number());
    }
    assertThat(steps).isEqualTo(BTF.enumerators("step"));
    Map<String, Long> sides = new LinkedHashMap<>();
    for (Side side : Side.values()) {
      sides.put("SIDE_" + side.name(), (long) side.number());
    }
    assertThat(sides).isEqualTo(BTF.enumerators("side"));
    Map<String, Long> events = new LinkedHashMap<>();
    for (EventType type : EventType.values()) {
      events.put("EVENT_" + type.name(), (long) type.number());
    }
    assertThat(events).isEqualTo(BTF.enumerators("event_type"));
  }

  @Test
  void enums_traits_areTheSameList() {
    Map<String, Long> traits = new LinkedHashMap<>();
    for (Trait trait : Trait.values()) {
      traits.put("TRAIT_" + trait.name(), 1L << trait.bit());
    }
    assertThat(traits).isEqualTo(BTF.enumerators("trait"));
    assertThat(TraitState.SPLICE).isEqualTo(1 << Trait.SPLICE.bit());
    assertThat(TraitState.FIONREAD).isEqualTo(1 << Trait.FIONREAD.bit());
    assertThat(TraitState.EXEMPT).isEqualTo(1 << Trait.EXEMPT.bit());
    assertThat(TraitState.FORCE).isEqualTo(1 << Trait.FORCE.bit());
  }

  @Test
  void endpoints_lastRow_isGivenToNoPolicy() {
    assertThat(EndpointPoliciesMap.SELF_TEST).isEqualTo(DesiredEndpoint.ID_MAX + 1);
  }

  @Test
  void enums_constants_areTheSame() {
    assertThat(BTF.enumerators("mode"))
        .containsEntry("MODE_OFF", (long) EndpointPolicyRow.MODE_OFF)
        .containsEntry("MODE_OBSERVE", (long) EndpointPolicyRow.MODE_OBSERVE)
        .containsEntry("MODE_ACCELERATE", (long) EndpointPolicyRow.MODE_ACCELERATE);
    assertThat(BTF.enumerators("endpoint_flag"))
        .containsEntry("ENDPOINT_SAME_POD", (long) EndpointPolicyRow.SAME_POD)
        .containsEntry("ENDPOINT_SAME_NODE", (long) EndpointPolicyRow.SAME_NODE)
        .containsEntry("ENDPOINT_PORTS_INCLUDE", (long) EndpointPolicyRow.PORTS_INCLUDE);
    assertThat(BTF.enumerators("netns_flag"))
        .containsEntry("NETNS_HOOKED", (long) NetnsState.HOOKED)
        .containsEntry("NETNS_INTERCEPTED", (long) NetnsState.INTERCEPTED)
        .containsEntry("NETNS_TRANSLATED", (long) NetnsState.TRANSLATED);
    assertThat(BTF.enumerators("trait_kind")).containsEntry("TRAIT_KINDS", (long) TraitState.KINDS);
    assertThat(BTF.enumerators("node_total"))
        .containsEntry("NODE_TOTAL_PROGRAMS", (long) NodeTotalsMap.PROGRAMS)
        .containsEntry("NODE_TOTAL_CONTROLLER", (long) NodeTotalsMap.CONTROLLER);
    assertThat(BTF.enumerators("nonce_use"))
        .containsEntry("NONCE_CONSUMED", (long) PairRow.CONSUMED);
    assertThat(BTF.enumerators("layout_version"))
        .containsEntry("LAYOUT_VERSION", (long) PinDirectory.LAYOUT_VERSION);
  }
}
