package dev.shunt.datapath.programs;

import java.util.ArrayList;
import java.util.List;

/**
 * Where modules look at TLS: at functions of the library, and at system calls within. Stateless.
 */
final class TlsProbes {
  static final List<CodeProbe> FUNCTIONS =
      List.of(
          CodeProbe.entry("tls_handshake_begin", "SSL_do_handshake"),
          CodeProbe.end("tls_handshake_end", "SSL_do_handshake"),
          CodeProbe.entry("tls_read_begin", "SSL_read"),
          CodeProbe.end("tls_data_end", "SSL_read"),
          CodeProbe.entry("tls_write_begin", "SSL_write"),
          CodeProbe.end("tls_data_end", "SSL_write"),
          CodeProbe.entry("tls_read_ex_begin", "SSL_read_ex").optional(),
          CodeProbe.end("tls_data_end", "SSL_read_ex").optional(),
          CodeProbe.entry("tls_write_ex_begin", "SSL_write_ex").optional(),
          CodeProbe.end("tls_data_end", "SSL_write_ex").optional(),
          CodeProbe.entry("tls_free", "SSL_free"));

  /**
   * Of who reads what is inside. Ends first: a call whose begin is seen has an end. What
   * SSL_sendfile() carries can only be counted.
   */
  static final List<CodeProbe> PLAINTEXT =
      List.of(
          CodeProbe.end("http_tls_end", "SSL_read"),
          CodeProbe.entry("http_tls_read", "SSL_read"),
          CodeProbe.end("http_tls_end", "SSL_write"),
          CodeProbe.entry("http_tls_write", "SSL_write"),
          CodeProbe.end("http_tls_end", "SSL_read_ex").optional(),
          CodeProbe.entry("http_tls_read_ex", "SSL_read_ex").optional(),
          CodeProbe.end("http_tls_end", "SSL_write_ex").optional(),
          CodeProbe.entry("http_tls_write_ex", "SSL_write_ex").optional(),
          CodeProbe.end("http_tls_end", "SSL_sendfile").optional(),
          CodeProbe.entry("http_tls_sendfile", "SSL_sendfile").optional(),
          CodeProbe.entry("http_tls_free", "SSL_clear").optional(),
          CodeProbe.entry("http_tls_free", "SSL_free"));

  private record Call(String program, String tracepoint) {}

  private static final List<Call> CALLS =
      List.of(
          new Call("tls_sys_write", "sys_enter_write"),
          new Call("tls_sys_sendto", "sys_enter_sendto"),
          new Call("tls_sys_read", "sys_enter_read"),
          new Call("tls_sys_recvfrom", "sys_enter_recvfrom"),
          new Call("tls_sys_read_end", "sys_exit_read"),
          new Call("tls_sys_recvfrom_end", "sys_exit_recvfrom"));

  private TlsProbes() {}

  /**
   * The one rung.
   *
   * @param functions programs of {@link #FUNCTIONS}
   */
  static TraceProgram.Rung rung(List<TraceProgram.Part> functions) {
    List<TraceProgram.Part> parts = new ArrayList<>(functions);
    CALLS.forEach(
        call ->
            parts.add(
                new TraceProgram.Part(
                    call.program(),
                    program -> List.of(program.attachTracepoint("syscalls", call.tracepoint())))));
    return new TraceProgram.Rung("uprobe/SSL_do_handshake", parts);
  }
}
