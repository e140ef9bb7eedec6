package dev.shunt.cli;

import dev.shunt.v1.TraceModule;
import dev.shunt.v1.WatchTraceRequest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
  private @Nullable Integer pid;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "How often rtt shows its histograms, 0.1..3600 (default: 2).")
  private @Nullable Double interval;

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
    WatchTraceRequest request = request();
    if (!flameFile.isEmpty()) {
      checkFlameFile(Path.of(flameFile));
    }
    TraceReport report = new TraceReport(output.output(spec), spec, request, flameFile);
    return node.ask(spec, report::write);
  }

  /**
   * It is written at the end, when a failure would cost the profile. Only trying shows whether it
   * can be: root may write everywhere but where there is nothing to write to.
   */
  private static void checkFlameFile(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new FileSystemException(file.toString(), null, "is a directory (EISDIR/21)");
      }
      if (Files.isRegularFile(file)) {
        Files.newOutputStream(file, StandardOpenOption.APPEND).close();
      } else if (!Files.exists(file)) {
        Files.createFile(file);
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw new CannotRunException(
          "write %s failed: %s; nothing was traced".formatted(file, cause(failed)), failed);
    }
  }

  private static String cause(IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return "no directory for it (ENOENT/2)";
    }
    if (failed instanceof AccessDeniedException) {
      return "permission denied (EACCES/13)";
    }
    return failed instanceof FileSystemException named && named.getReason() != null
        ? named.getReason()
        : String.valueOf(failed.getMessage());
  }

  private WatchTraceRequest request() {
    int port = traffic.port(spec);
    checkModule(
        "--flame", flameFile.isEmpty() ? null : flameFile, TraceModule.TRACE_MODULE_PROFILE);
    checkModule("--raw-path", rawPath ? true : null, TraceModule.TRACE_MODULE_HTTP);
    checkModule("--pauses", pauses ? true : null, TraceModule.TRACE_MODULE_HTTP);
    checkModule("--tls", tls ? true : null, TraceModule.TRACE_MODULE_HTTP);
    checkModule("--interval", interval, TraceModule.TRACE_MODULE_RTT);
    WatchTraceRequest.Builder request =
        WatchTraceRequest.newBuilder()
            .setModule(module())
            .setPort(port)
            .setPid(pid())
            .setNamespace(traffic.namespace())
            .setCgroup(traffic.cgroup(spec))
            .setRawPath(rawPath)
            .setPauses(pauses)
            .setTls(tls);
    if (interval != null) {
      request.setInterval(duration(interval(interval)));
    }
    double seconds = traffic.seconds(spec);
    if (seconds != 0) {
      request.setDuration(duration(seconds));
    }
    return request.build();
  }

  private TraceModule module() {
    return Names.parse(spec, "MODULE", List.of(module), TraceModule.values()).get(0);
  }

  /** An option that other modules have no use for. */
  private void checkModule(String option, @Nullable Object value, TraceModule only) {
    if (value != null && module() != only) {
      throw wrong(
          "%s: %s (expected: with the module %s only)".formatted(option, value, Names.of(only)));
    }
  }

  private int pid() {
    if (pid == null) {
      return 0;
    }
    if (pid < 1) {
      throw wrong("--pid: " + pid + " (expected: 1 or more)");
    }
    return pid;
  }

  private double interval(double interval) {
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
