package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

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
  /** Requests of HTTP. */
  HTTP,
  /** The same, and those inside of TLS. */
  HTTP_TLS,
  /** Collections and pauses of JVMs. */
  JVM,
  /** Handshakes and connections of TLS. */
  TLS;

  /**
   * A hook that a module can use.
   *
   * @param hook for people
   * @param parts programs, attached in this order
   */
  record Rung(String hook, List<Part> parts) {
    Rung(String program, String hook, Function<BpfProgram, List<BpfLink>> attach) {
      this(hook, List.of(new Part(program, attach)));
    }

    Rung with(String more, List<Part> moreParts) {
      return new Rung(
          hook + ", " + more, Stream.concat(parts.stream(), moreParts.stream()).toList());
    }
  }

  /**
   * A program of a hook.
   *
   * @param program of the object
   * @param attach how it gets there
   */
  record Part(String program, Function<BpfProgram, List<BpfLink>> attach) {
    /** Of code of programs, which is found later. */
    static Part later(String program) {
      return new Part(program, loaded -> List.of());
    }
  }

  /** Not 100: it would keep step with timers of others, and see always or never the same. */
  private static final int HERTZ = 99;

  private static final int RING_BYTES = 1 << 20;

  /** Payload needs more room than rows. */
  private static final int PAYLOAD_RING_BYTES = 1 << 24;

  private static final String STATES_PASS = "inet_sock_set_state";
  private static final String SEGMENTS_PASS = "tcp_probe";

  /** Its name on the command line. */
  public String module() {
    return this == HTTP_TLS ? HTTP.module() : name().toLowerCase(Locale.ROOT);
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
      case HTTP -> List.of(socketCalls(), allCalls());
      case HTTP_TLS ->
          Stream.of(socketCalls(), allCalls())
              .map(rung -> rung.with("uprobe/SSL_read", probed()))
              .toList();
      case JVM -> List.of(new Rung("usdt/hotspot:gc", probed()));
      case TLS -> List.of(TlsProbes.rung(probed()));
    };
  }

  /** Since 6.3; names of programs as in the object. */
  private static Rung socketCalls() {
    return new Rung(
        "tp_btf/sock_send_length, sock_recv_length",
        List.of(
            new Part("http_state_btf", program -> List.of(program.attachTrace())),
            new Part("http_destroy_btf", program -> List.of(program.attachTrace())),
            new Part("http_send_btf", program -> List.of(program.attachTrace())),
            new Part("http_receive_btf", program -> List.of(program.attachTrace()))));
  }

  private static Rung allCalls() {
    return new Rung(
        "raw_tp/sys_exit",
        List.of(
            new Part(
                "http_state_raw", program -> List.of(program.attachRawTracepoint(STATES_PASS))),
            new Part(
                "http_destroy_raw",
                program -> List.of(program.attachRawTracepoint("tcp_destroy_sock"))),
            new Part(
                "http_exit_raw", program -> List.of(program.attachRawTracepoint("sys_exit")))));
  }

  /** Before loading: what is not the same for all modules of an object. */
  void prepare(BpfObject object) {
    boolean hasPayload = this == HTTP || this == HTTP_TLS;
    object.setMaxEntries("records", hasPayload ? PAYLOAD_RING_BYTES : RING_BYTES);
    if (this == HTTP) {
      object.setGlobal("reads_tls", OpenTrace.number(0));
      object.setMaxEntries("tls_calls", 1);
      object.setMaxEntries("outer_tls_calls", 1);
      object.setMaxEntries("tls_conversations", 1);
    }
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
      case HTTP_TLS -> TlsProbes.PLAINTEXT;
      default -> List.of();
    };
  }

  private List<Part> probed() {
    return probes().stream().map(CodeProbe::program).distinct().map(Part::later).toList();
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
