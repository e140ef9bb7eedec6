package dev.shunt.e2e.verify.cluster;

import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.PERMISSION_DENIED;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static io.grpc.Status.Code.UNAUTHENTICATED;
import static io.grpc.Status.Code.UNAVAILABLE;

import dev.shunt.e2e.cluster.ClusterCertificates.Pair;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.v1.NodeHello;
import dev.shunt.v1.NodeMessage;
import dev.shunt.v1.NodeReport;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who calls the control plane and must not be served: with tokens of the real API server,
 * and with certificates that the control plane's own key signed. One thread.
 */
final class CallerSteps implements AutoCloseable {
  private static final String AUDIENCE = "--audience=shunt-control-plane";

  /** Over the limit of a message. */
  private static final int LARGE = 2 * 1024 * 1024;

  private final ClusterStage stage;
  private final PlaneIdentities identities;
  private final PlaneCaller caller;
  private final PlaneMetrics metrics;
  private final byte[] request;
  private final List<String> secrets = new ArrayList<>();

  CallerSteps(ClusterStage stage) {
    this.stage = stage;
    identities = new PlaneIdentities(stage);
    String namespace = stage.nodes().get(0).network().node().name();
    String address = OutageSteps.planeAddress(stage);
    caller = new PlaneCaller(namespace, address, identities.authority().certificate());
    metrics = new PlaneMetrics(namespace, address);
    request = identities.request(identities.pair("right").key());
  }

  static String refused(ClusterStage stage) {
    try (CallerSteps steps = new CallerSteps(stage)) {
      List<RefusalCase> cases = new ArrayList<>(steps.tokens());
      cases.addAll(steps.certificates());
      cases.forEach(each -> each.run(stage, steps.metrics));
      new SecretSearch(stage).requireNone(steps.secrets);
      return cases.size()
          + " refused and counted: "
          + String.join(", ", cases.stream().map(RefusalCase::name).toList())
          + "; no token and no key in logs and Events";
    }
  }

  private String token(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("create", "token"));
    argv.addAll(List.of(arguments));
    return secret(stage.kubectl().run(argv.toArray(String[]::new)).strip());
  }

  private String secret(String text) {
    secrets.add(text);
    return text;
  }

  /** A token of the node's own pod on the first node: what that node shows itself. */
  private String nodeToken() {
    String pod =
        stage
            .kubectl()
            .run(
                "get",
                "pods",
                "-n",
                "shunt",
                "-l",
                "app.kubernetes.io/component=node",
                "--field-selector=spec.nodeName=" + node(),
                "-o",
                "jsonpath={.items[0].metadata.name}");
    return token(
        "shunt-node",
        "-n",
        "shunt",
        AUDIENCE,
        "--bound-object-kind=Pod",
        "--bound-object-name=" + pod);
  }

  private String node() {
    return stage.nodes().get(0).name();
  }

  private String otherNode() {
    return stage.nodes().get(1).name();
  }

  private static Status status(Runnable call) {
    try {
      call.run();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private RefusalCase certify(String name, Status.Code code, String reason, String token) {
    return new RefusalCase(
        name, Set.of(code), reason, () -> status(() -> caller.certify(token, node(), request)));
  }

  private List<RefusalCase> tokens() {
    String right = nodeToken();
    String forged = right.substring(0, right.length() - 8) + "planted0";
    String stranger = token("viewer", "-n", "mesh", AUDIENCE);
    return List.of(
        certify(
            "wrong token",
            UNAUTHENTICATED,
            "unauthenticated",
            secret("planted-" + UUID.randomUUID())),
        certify("forged signature", UNAUTHENTICATED, "unauthenticated", secret(forged)),
        certify(
            "wrong audience",
            UNAUTHENTICATED,
            "wrong_audience",
            token("shunt-node", "-n", "shunt")),
        certify("another account", PERMISSION_DENIED, "forbidden", stranger),
        certify(
            "token of no pod",
            PERMISSION_DENIED,
            "wrong_node",
            token("shunt-node", "-n", "shunt", AUDIENCE)),
        new RefusalCase(
            "certificate for another node",
            Set.of(PERMISSION_DENIED),
            "wrong_node",
            () -> status(() -> caller.certify(right, otherNode(), request))),
        new RefusalCase(
            "statistics without the right",
            Set.of(PERMISSION_DENIED),
            "forbidden",
            () -> status(() -> caller.nodes(stranger))));
  }

  private List<RefusalCase> certificates() {
    Pair authority = identities.authority();
    secrets.addAll(SecretSearch.lines(authority.key()));
    Pair right = certified();
    Pair expired = identities.issued(authority, "expired", node(), "-1");
    Pair forged = identities.issued(identities.stranger(), "forged", node(), "1");
    byte[] report =
        NodeMessage.newBuilder().setReport(NodeReport.getDefaultInstance()).build().toByteArray();
    return List.of(
        stream("no certificate", UNAUTHENTICATED, "unauthenticated", null, hello(node())),
        stream("expired certificate", UNAVAILABLE, "expired", expired, hello(node())),
        stream(
            "certificate of another authority",
            UNAVAILABLE,
            "unauthenticated",
            forged,
            hello(node())),
        stream(
            "another node's snapshot", PERMISSION_DENIED, "wrong_node", right, hello(otherNode())),
        stream("oversized message", RESOURCE_EXHAUSTED, "oversized", right, new byte[LARGE]),
        stream("message out of order", INVALID_ARGUMENT, "malformed", right, report),
        new RefusalCase(
            "no protobuf",
            EnumSet.complementOf(EnumSet.of(Status.Code.OK, Status.Code.DEADLINE_EXCEEDED)),
            "malformed",
            () ->
                caller.stream(Optional.of(right), "no message".getBytes(StandardCharsets.US_ASCII))
                    .status()));
  }

  private RefusalCase stream(
      String name, Status.Code code, String reason, @Nullable Pair identity, byte[] first) {
    return new RefusalCase(
        name,
        Set.of(code),
        reason,
        () -> {
          PlaneCaller.End end = caller.stream(Optional.ofNullable(identity), first);
          if (end.messages() > 0) {
            throw new SceneException("refuse " + name + " failed: it was told something first");
          }
          return end.status();
        });
  }

  private static byte[] hello(String node) {
    return NodeMessage.newBuilder()
        .setHello(NodeHello.newBuilder().setNodeName(node))
        .build()
        .toByteArray();
  }

  /** What a node gets for its token: proof that the other callers are refused for a reason. */
  private Pair certified() {
    Pair pair = identities.pair("right");
    String chain = caller.certify(nodeToken(), node(), request).getCertificateChain();
    SceneDirectory.write(pair.certificate(), chain, 0);
    return pair;
  }

  @Override
  public void close() {
    caller.close();
  }
}
