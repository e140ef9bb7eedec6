package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfObject;
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
  JVM,
  /** Handshakes and connections of TLS. */
  TLS;

  /**
   * A hook that a module can use.
   *
   * @param programs of the object
   * @param hook for people
   * @param attach how they get there, but for probes of code, which is found later
   */
  record Rung(List<String> programs, String hook, Function<BpfObject, List<BpfLink>> attach) {
    /** Of one program. */
    static Rung of(String program, String hook, Function<BpfProgram, List<BpfLink>> attach) {
      return new Rung(List.of(program), hook, object -> attach.apply(object.program(program)));
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
              Rung.of(
                  "rtt_fentry",
                  "fentry/tcp_rcv_established",
                  program -> List.of(program.attachTrace())),
              typed(SEGMENTS_PASS),
              raw(SEGMENTS_PASS));
      case PROFILE ->
          List.of(
              Rung.of(
                  "profile_clock", "perf_event/cpu-clock", program -> program.attachClocks(HERTZ)));
      case JVM -> List.of(new Rung(probed(), "usdt/hotspot:gc", object -> List.of()));
      case TLS -> List.of(TlsProbes.rung(probed()));
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
      case TLS -> TlsProbes.FUNCTIONS;
      default -> List.of();
    };
  }

  private List<String> probed() {
    return probes().stream().map(CodeProbe::program).distinct().toList();
  }

  private Rung typed(String tracepoint) {
    return Rung.of(
        module() + "_btf", "tp_btf/" + tracepoint, program -> List.of(program.attachTrace()));
  }

  private Rung raw(String tracepoint) {
    return Rung.of(
        module() + "_raw",
        "raw_tp/" + tracepoint,
        program -> List.of(program.attachRawTracepoint(tracepoint)));
  }

  byte[] image() {
    return new Image("/bpf/trace/" + module() + ".bpf.o").read();
  }
}
