package dev.shunt.datapath.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.Btf;
import dev.shunt.observe.trace.FastOpen;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the Java side of trace_layout.h with the BTF of the compiled modules. */
class TraceLayoutTest {
  private static Btf module(String name) {
    String resource = "/bpf/trace/" + name + ".bpf.o";
    try (InputStream in = TraceLayoutTest.class.getResourceAsStream(resource)) {
      return Btf.ofObject(Objects.requireNonNull(in, resource).readAllBytes());
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  static Stream<Arguments> layouts() {
    return Stream.of(
        Arguments.of("connect", TraceRows.CONNECT),
        Arguments.of("states", TraceRows.CHANGE),
        Arguments.of("fastopen", TraceRows.HANDSHAKE),
        Arguments.of("rtt", TraceRows.PAIR),
        Arguments.of("rtt", TraceRows.RTT),
        Arguments.of("profile", TraceRows.SAMPLE),
        Arguments.of("http", TraceRows.BYTES),
        Arguments.of("http", TraceRows.STATE),
        Arguments.of("jvm", TraceRows.GC),
        Arguments.of("jvm", TraceRows.GC_POOL),
        Arguments.of("jvm", TraceRows.COLLECTOR),
        Arguments.of("tls", TraceRows.TLS),
        Arguments.of("tls", TraceRows.TLS_HELLO),
        Arguments.of("tls", TraceRows.TLS_HEAD),
        Arguments.of("tls", TraceRows.TLS_KEY),
        Arguments.of("connect", TraceRows.SOCKET),
        Arguments.of("connect", TraceRows.PROCESS),
        Arguments.of("connect", TraceRows.FILTER),
        Arguments.of("connect", TraceRows.CHOICE),
        Arguments.of("connect", TraceRows.STATE),
        Arguments.of("connect", TraceRows.CPU),
        Arguments.of("states", TraceRows.STATE),
        Arguments.of("rtt", TraceRows.STATE),
        Arguments.of("fastopen", TraceRows.STATE));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void layout_struct_hasOffsetsAndSizesOfBtf(String module, StructLayout layout) {
    Btf btf = module(module);
    Map<String, StructLayout.Field> expected = new LinkedHashMap<>();
    btf.members(layout.name())
        .forEach(
            (name, member) ->
                expected.put(name, new StructLayout.Field(member.offset(), member.size())));
    assertThat(layout.fields()).as("struct %s", layout.name()).isEqualTo(expected);
    assertThat(layout.size()).isEqualTo(btf.sizeOf(layout.name()));
  }

  private static int bytes(Btf btf, String struct, String member) {
    return Objects.requireNonNull(btf.members(struct).get(member)).size();
  }

  @Test
  void limits_asArraysHaveThem_areTheSame() {
    Btf profile = module("profile");

    assertThat(bytes(profile, "trace_state", "readers"))
        .isEqualTo(TraceRows.READERS_MAX * TraceRows.FILTER.size());
    assertThat(bytes(profile, "trace_cpu", "used_up"))
        .isEqualTo(TraceRows.USED_UP_MAX * Long.BYTES);
    assertThat(bytes(module("rtt"), "trace_rtt", "buckets"))
        .isEqualTo(TraceRows.BUCKETS * Long.BYTES);
    assertThat(bytes(profile, "sample", "kernel")).isEqualTo(TraceRows.FRAMES_MAX * Long.BYTES);
  }

  @Test
  void enums_fastOpen_areTheSameList() {
    Map<String, Long> outcomes = new LinkedHashMap<>();
    for (FastOpen outcome : FastOpen.values()) {
      outcomes.put("TRACE_FAST_OPEN_" + outcome, (long) outcome.number());
    }
    assertThat(module("fastopen").enumerators("trace_fast_open")).isEqualTo(outcomes);
  }
}
