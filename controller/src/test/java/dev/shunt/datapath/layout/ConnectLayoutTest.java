package dev.shunt.datapath.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.Btf;
import dev.shunt.datapath.programs.ConnectDatapath;
import dev.shunt.desired.connect.ConnectRules;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the Java side of connect_layout.h with the BTF of the compiled object. */
class ConnectLayoutTest {
  private static final Btf BTF = Btf.ofObject(object());

  private static byte[] object() {
    try (InputStream in = ConnectLayoutTest.class.getResourceAsStream("/bpf/connect.bpf.o")) {
      return Objects.requireNonNull(in, "connect.bpf.o").readAllBytes();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  static Stream<StructLayout> layouts() {
    return Stream.of(
        ConnectKeys.RULE,
        ConnectKeys.IPV4,
        ConnectKeys.IPV6,
        ConnectKeys.PORT,
        ConnectKeys.EXECUTABLE,
        ConnectKeys.PLACE,
        ConnectRows.BITS,
        ConnectRows.CONFIG,
        ConnectRows.SET,
        ConnectRows.RULE,
        ConnectHits.LAYOUT,
        ConnectTotals.LAYOUT,
        ConnectDenial.LAYOUT);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void layout_struct_hasOffsetsAndSizesOfBtf(StructLayout layout) {
    Map<String, StructLayout.Field> expected = new LinkedHashMap<>();
    BTF.members(layout.name())
        .forEach(
            (name, member) ->
                expected.put(name, new StructLayout.Field(member.offset(), member.size())));
    assertThat(layout.fields()).as("struct %s", layout.name()).isEqualTo(expected);
    assertThat(layout.size())
        .as("sizeof(struct %s)", layout.name())
        .isEqualTo(BTF.sizeOf(layout.name()));
  }

  @Test
  void enums_constants_areTheSame() {
    assertThat(BTF.enumerators("connect_verdict"))
        .containsEntry("CONNECT_ALLOW", (long) ConnectRows.ALLOW)
        .containsEntry("CONNECT_DENY", (long) ConnectRows.DENY)
        .containsEntry("CONNECT_MONITOR", (long) ConnectRows.MONITOR);
    assertThat(BTF.enumerators("connect_look"))
        .containsEntry("CONNECT_LOOK_EXECUTABLE", (long) ConnectRows.LOOK_EXECUTABLE)
        .containsEntry("CONNECT_LOOK_CGROUP", (long) ConnectRows.LOOK_CGROUP)
        .containsEntry("CONNECT_LOOK_NETNS", (long) ConnectRows.LOOK_NETNS);
    assertThat(BTF.enumerators("connect_rung"))
        .containsEntry("CONNECT_RUNG_CGROUP", (long) ConnectDatapath.Rung.CGROUP.number())
        .containsEntry("CONNECT_RUNG_LSM", (long) ConnectDatapath.Rung.LSM.number());
    assertThat(BTF.enumerators("connect_limit"))
        .containsEntry("CONNECT_RULES_MAX", (long) ConnectRows.RULES_MAX)
        .containsEntry("CONNECT_RULES_MAX", (long) ConnectRules.RULES_MAX);
  }
}
