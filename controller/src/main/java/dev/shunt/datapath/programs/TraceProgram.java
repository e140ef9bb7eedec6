package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfProgram;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The telemetry modules: for each its object and its hooks, the best first. */
public enum TraceProgram {
  /** Outcome and duration of connect(). */
  CONNECT,
  /** Changes of TCP states. */
  STATES,
  /** Round trip times. */
  RTT,
  /** Handshakes with TCP Fast Open. */
  FASTOPEN,
  /** Stacks of what runs. */
  PROFILE,
  /** Collections and pauses of JVMs. */
  JVM;

  /**
   * A hook that a module can use.
   *
   * @param programs of the object
   * @param hook for people
   * @param attach how the first program gets there; probes of code are attached later
   */
  record Rung(List<String> programs, String hook, Function<BpfProgram, List<BpfLink>> attach) {
    Rung(String program, String hook, Function<BpfProgram, List<BpfLink>> attach) {
      this(List.of(program), hook, attach);
    }

    /** Of a module that looks at code of programs, which is found later. */
    static Rung later(String hook, List<CodeProbe> probes) {
      return new Rung(
          probes.stream().map(CodeProbe::program).distinct().toList(), hook, program -> List.of());
    }
  }

  /** Not 100: it would keep step with timers of others, and see always or never the same. */
  private static final int HERTZ = 99;

  private static final String STATES_PASS = "inet_sock_set_state";
  private static final String SEGMENTS_PASS = "tcp_probe";

  /** Its name on the command line. */
  public String module() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<Rung> rungs() {
    return switch (this) {
      case CONNECT, STATES, FASTOPEN -> List.of(typed(STATES_PASS), raw(STATES_PASS));
      case RTT ->
          List.of(
              new Rung(
                  "rtt_fentry",
                  "fentry/tcp_rcv_established",
                  program -> List.of(program.attachTrace())),
              typed(SEGMENTS_PASS),
              raw(SEGMENTS_PASS));
      case PROFILE ->
          List.of(
              new Rung(
                  "profile_clock", "perf_event/cpu-clock", program -> program.attachClocks(HERTZ)));
      case JVM -> List.of(Rung.later("usdt/hotspot:gc", probes()));
    };
  }

  /** What a module attaches to in code of programs; empty: it looks at the kernel. */
  List<CodeProbe> probes() {
    return switch (this) {
      case JVM ->
          List.of(
              CodeProbe.usdt("jvm_pause_begin", "hotspot:gc__begin"),
              CodeProbe.usdt("jvm_pause_end", "hotspot:gc__end"),
              CodeProbe.usdt("jvm_pool_begin", "hotspot:mem__pool__gc__begin"),
              CodeProbe.usdt("jvm_pool_end", "hotspot:mem__pool__gc__end"));
      default -> List.of();
    };
  }

  private Rung typed(String tracepoint) {
    return new Rung(
        module() + "_btf", "tp_btf/" + tracepoint, program -> List.of(program.attachTrace()));
  }

  private Rung raw(String tracepoint) {
    return new Rung(
        module() + "_raw",
        "raw_tp/" + tracepoint,
        program -> List.of(program.attachRawTracepoint(tracepoint)));
  }

  byte[] image() {
    return new Image("/bpf/trace/" + module() + ".bpf.o").read();
  }
}
