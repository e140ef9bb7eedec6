package dev.shunt.e2e.bench.plane;

import dev.shunt.cluster.PlaneCore;
import dev.shunt.cluster.identity.Authority;
import dev.shunt.cluster.identity.IdentityConfig;
import dev.shunt.cluster.identity.PlaneServer;
import dev.shunt.cluster.identity.Reviews;
import dev.shunt.cluster.observe.PlaneMeter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The control plane of the benchmark: takes one word a line on standard input and answers each with
 * one line of {@code name=value} and {@code end}. Ends with its standard input.
 */
@Command(name = "bench-plane", hidden = true)
public final class PlaneChildCommand implements Callable<Integer> {
  static final String AUDIENCE = "shunt-control-plane";

  @Spec private CommandSpec spec;

  @Option(names = "--nodes", required = true)
  private int nodes;

  @Option(names = "--pods-per-node", required = true)
  private int podsPerNode;

  @Option(names = "--pod-events", required = true)
  private int podEvents;

  @Option(names = "--tells", required = true)
  private int tells;

  @Option(names = "--ca", required = true)
  private Path ca;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Authority authority = Authority.create(Clock.systemUTC());
    Files.writeString(ca, authority.certificatePem());
    PlaneServer.Settings settings =
        new PlaneServer.Settings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of("localhost", "127.0.0.1"),
            new IdentityConfig("shunt", "shunt-node", AUDIENCE, Duration.ofDays(1)));
    SimulatedCluster cluster = new SimulatedCluster(nodes, podsPerNode);
    try (PlaneCore core =
        PlaneCore.start(
            settings, authority, new TrustingReviews(), new PlaneMeter(new PrometheusRegistry()))) {
      AckTimes times = new AckTimes(core, cluster, new Effort(podEvents, tells));
      cluster.tell(core.sink());
      core.loop().ask(facts -> facts.podCount()).join();
      serve(times, core.port());
    }
    return 0;
  }

  private void serve(AckTimes times, int port) throws IOException, InterruptedException {
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String word = words.readLine(); word != null; word = words.readLine()) {
      switch (word) {
        case "port" -> say("port port=" + port);
        case "connected" -> say(times.awaitAll());
        case "edit" -> say(times.edits());
        case "pods" -> say(times.podEvents());
        case "memory" -> say(memory());
        default -> say("unknown word " + word);
      }
    }
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.println("end");
    out.flush();
  }

  /** Peak and present memory of this process (proc(5)), in KiB. */
  private static String memory() throws IOException {
    StringBuilder line = new StringBuilder("memory");
    for (String row : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (row.startsWith("VmHWM:") || row.startsWith("VmRSS:")) {
        line.append(' ').append(row, 0, 5).append('=').append(row.replaceAll("\\D", ""));
      }
    }
    return line.toString();
  }

  /** Believes each token: it is the name of its node. Stands for the API server. */
  private static final class TrustingReviews implements Reviews {
    @Override
    public Review token(String token, String audience) {
      return new Review.Valid(
          new User(
              "system:serviceaccount:shunt:shunt-node",
              "",
              List.of(),
              Map.of("authentication.kubernetes.io/node-name", List.of(token))));
    }

    @Override
    public boolean mayGetStatistics(User user) {
      return true;
    }
  }
}
