package dev.shunt.cluster;

import dev.shunt.cluster.identity.Authority;
import dev.shunt.cluster.identity.IdentityConfig;
import dev.shunt.cluster.identity.PlaneServer;
import dev.shunt.cluster.identity.Reviews;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.ingest.distribution.PolicyStreamConfig;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A control plane on loopback with real TLS and gRPC. Facts come from the test; of the API server
 * only what it says of tokens is imitated: a token is its own description, such as {@code
 * node:node-1}.
 */
public final class PlaneBed implements AutoCloseable {
  public static final String AUDIENCE = "shunt-control-plane";
  private static final String NODE_NAME = "authentication.kubernetes.io/node-name";

  private final Path directory;
  private final Authority authority;
  private final PlaneMeter meter = new PlaneMeter(new PrometheusRegistry());
  private @Nullable PlaneCore core;
  private int port;

  public PlaneBed(Path directory) throws IOException {
    this(directory, Authority.create(Clock.systemUTC()));
  }

  private PlaneBed(Path directory, Authority authority) throws IOException {
    this.directory = directory;
    this.authority = authority;
    Files.writeString(caFile(), authority.certificatePem());
    start(meter);
  }

  /** Another replica: the same authority, a port of its own. */
  public PlaneBed replica() throws IOException {
    return new PlaneBed(directory, authority);
  }

  /** Serves again, on the same port, with the same authority, knowing no facts. */
  public void restart() throws IOException {
    start(new PlaneMeter(new PrometheusRegistry()));
  }

  private void start(PlaneMeter counting) throws IOException {
    core =
        PlaneCore.start(
            new PlaneServer.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                List.of("localhost", "127.0.0.1"),
                new IdentityConfig("shunt", "shunt-node", AUDIENCE, Duration.ofHours(1))),
            authority,
            new ImitatedReviews(),
            counting);
    port = core.port();
  }

  public PlaneCore core() {
    PlaneCore running = core;
    if (running == null) {
      throw new IllegalStateException("the control plane is stopped");
    }
    return running;
  }

  public Authority authority() {
    return authority;
  }

  public PlaneMeter meter() {
    return meter;
  }

  public int port() {
    return port;
  }

  public Path caFile() {
    return directory.resolve("ca.crt");
  }

  /** How a node with its own token comes here. */
  public PolicyStreamConfig node(String name) throws IOException {
    return node(name, "node:" + name);
  }

  public PolicyStreamConfig node(String name, String token) throws IOException {
    Path file = directory.resolve(name + ".token");
    Files.writeString(file, token);
    return new PolicyStreamConfig("localhost", port, caFile(), file, name, directory.resolve(name));
  }

  public void stop() {
    core().close();
    core = null;
  }

  @Override
  public void close() {
    if (core != null) {
      core.close();
    }
  }

  /** Answers as the API server does, without checking any signature. */
  private static final class ImitatedReviews implements Reviews {
    @Override
    public Review token(String token, String audience) throws IOException {
      String[] parts = token.split(":", 2);
      return switch (parts[0]) {
        case "node" ->
            new Review.Valid(
                new User(
                    "system:serviceaccount:shunt:shunt-node",
                    "u1",
                    List.of("system:serviceaccounts"),
                    Map.of(NODE_NAME, List.of(parts[1]))));
        case "unbound" ->
            new Review.Valid(
                new User("system:serviceaccount:shunt:shunt-node", "u1", List.of(), Map.of()));
        case "user" -> new Review.Valid(new User(parts[1], "", List.of(), Map.of()));
        case "expired" -> new Review.Invalid("service account token has expired");
        case "elsewhere" -> new Review.Invalid("token audiences [api] is invalid for the audience");
        case "silent" -> throw new IOException("create tokenreview failed: HTTP 500");
        default -> new Review.Invalid("invalid bearer token");
      };
    }

    @Override
    public boolean mayGetStatistics(User user) {
      return user.name().equals("reader");
    }
  }
}
