package dev.shunt.cli;

import dev.shunt.v1.TraceModule;
import dev.shunt.v1.WatchTraceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shunt trace}: what the kernel tells of TCP connections, as it happens. */
@Command(
    name = "trace",
    description = {
      "Show what the kernel tells of TCP connections, until interrupted. MODULE is one of:",
      "  connect   outcome and duration of every connect()",
      "  states    changes of TCP states, the time in each, and who closes",
      "  rtt       histograms of the round trip time, by pair of addresses",
      "  fastopen  handshakes that use TCP Fast Open",
      "  profile   stacks of what the CPUs run, folded, or as a flame graph",
      "  http      requests of HTTP/1, HTTP/2 and gRPC with their responses",
      "  tls       handshakes and connections of OpenSSL and BoringSSL",
      "  jvm       collections and pauses of JVMs"
    },
    footer =
        "%nA module is attached while somebody reads it. All filters must match; profile and jvm know"
            + " no port, rtt no process. Example:%n"
            + "  shunt trace connect --port 443 --duration 10%n"
            + "With -o json or ndjson: one object a line.")
public final class TraceCommand implements Callable<Integer> {
  private static final long NANOS = 1_000_000_000L;

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;
  @Mixin private TrafficOption traffic;

  @Parameters(index = "0", paramLabel = "MODULE", description = "What to look at.")
  private String module = "";

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "Process that made or closed the socket, or that runs.")
  private int pid;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "How often rtt shows its histograms, 0.1..3600 (default: ${DEFAULT-VALUE}).")
  private double interval = 2;

  @Option(
      names = "--flame",
      paramLabel = "FILE",
      description = "Write the profile as a flame graph, an SVG file that needs nothing else.")
  private String flameFile = "";

  @Option(
      names = "--raw-path",
      description = "Show the paths of http as they were asked for, without query.")
  private boolean rawPath;

  @Option(
      names = "--pauses",
      description =
          "Show how much of each request of http lay inside of pauses of JVMs of the same pod.")
  private boolean pauses;

  @Option(
      names = "--tls",
      description = "With http: also what is inside of TLS of OpenSSL and BoringSSL.")
  private boolean tls;

  @Override
  public Integer call() {
    if (!flameFile.isEmpty() && !Files.isDirectory(folder())) {
      throw new CannotRunException(
          "write %s failed: no such directory (ENOENT/2); nothing was traced".formatted(flameFile));
    }
    TraceReport report = new TraceReport(output.output(spec), spec, request(), flameFile);
    return node.ask(spec, report::write);
  }

  private Path folder() {
    Path folder = Path.of(flameFile).toAbsolutePath().getParent();
    return folder == null ? Path.of("/") : folder;
  }

  private WatchTraceRequest request() {
    int port = traffic.port(spec);
    if (!flameFile.isEmpty() && module() != TraceModule.TRACE_MODULE_PROFILE) {
      throw wrong("--flame: " + flameFile + " (expected: with the module profile only)");
    }
    if (rawPath && module() != TraceModule.TRACE_MODULE_HTTP) {
      throw wrong("--raw-path: true (expected: with the module http only)");
    }
    if (pauses && module() != TraceModule.TRACE_MODULE_HTTP) {
      throw wrong("--pauses: true (expected: with the module http only)");
    }
    if (tls && module() != TraceModule.TRACE_MODULE_HTTP) {
      throw wrong("--tls: true (expected: with the module http only)");
    }
    if (pid < 0) {
      throw wrong("--pid: " + pid + " (expected: 1 or more)");
    }
    WatchTraceRequest.Builder request =
        WatchTraceRequest.newBuilder()
            .setModule(module())
            .setPort(port)
            .setPid(pid)
            .setNamespace(traffic.namespace())
            .setCgroup(traffic.cgroup())
            .setRawPath(rawPath)
            .setPauses(pauses)
            .setTls(tls)
            .setInterval(duration(interval()));
    double seconds = traffic.seconds(spec);
    if (seconds != 0) {
      request.setDuration(duration(seconds));
    }
    return request.build();
  }

  private TraceModule module() {
    return Names.parse(spec, "MODULE", List.of(module), TraceModule.values()).get(0);
  }

  private double interval() {
    if (!(interval > 0)) {
      throw wrong(String.format(Locale.ROOT, "--interval: %s (expected: 0.1..3600)", interval));
    }
    return interval;
  }

  private static com.google.protobuf.Duration duration(double seconds) {
    long nanos = (long) Math.min(seconds * NANOS, Long.MAX_VALUE);
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(nanos / NANOS)
        .setNanos((int) (nanos % NANOS))
        .build();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
