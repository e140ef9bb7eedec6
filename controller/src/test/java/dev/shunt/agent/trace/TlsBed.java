package dev.shunt.agent.trace;

import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TlsConnection;
import dev.shunt.observe.trace.TlsConnection.State;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Programs that speak TLS in the namespace of a {@link TraceBed}. One thread; closing ends all. */
final class TlsBed implements AutoCloseable {
  private static final String SCRIPT = "src/test/resources/dev/shunt/agent/trace/tls_peer.py";

  final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);
  private final TlsFiles files;
  private final List<TalkingProcess> processes = new ArrayList<>();

  TlsBed(Path home) {
    files = TlsFiles.in(home);
  }

  TalkingProcess start(String... command) {
    TalkingProcess process = bed.netns.call(() -> new TalkingProcess(List.of(command)));
    processes.add(process);
    return process;
  }

  Path certificate() {
    return files.certificate();
  }

  Path key() {
    return files.key();
  }

  /** Prints its port first. */
  TalkingProcess server() {
    return start("python3", SCRIPT, "server", certificate().toString(), key().toString());
  }

  TalkingProcess client() {
    TalkingProcess client = start("python3", SCRIPT, "client");
    client.expect("ready");
    return client;
  }

  /** Reads the namespace. */
  CollectingSink read() {
    return bed.read(TraceModule.TLS);
  }

  CollectingSink read(int pid) {
    return bed.read(TraceModule.TLS, new TraceQuery.Filter(0, pid, "", ""), Duration.ZERO);
  }

  static TlsConnection row(CollectingSink sink, int pid, State state) {
    return sink.await(
            TraceEvent.Tls.class,
            tls -> tls.subject().actor().pid() == pid && tls.connection().state() == state)
        .connection();
  }

  static long count(CollectingSink sink, int pid, State state) {
    return sink.all(TraceEvent.Tls.class).stream()
        .filter(tls -> tls.subject().actor().pid() == pid && tls.connection().state() == state)
        .count();
  }

  /** Runs a command line to its end. */
  void run(String line) {
    try (TalkingProcess shell =
        bed.netns.call(() -> new TalkingProcess(List.of("sh", "-c", line)))) {
      shell.awaitEnd();
    }
  }

  @Override
  public void close() {
    processes.forEach(TalkingProcess::close);
    bed.close();
  }
}
