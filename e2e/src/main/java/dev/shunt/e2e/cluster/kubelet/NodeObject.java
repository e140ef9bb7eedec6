package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.KubernetesProgram;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseSpec;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeAddress;
import io.kubernetes.client.openapi.models.V1NodeCondition;
import io.kubernetes.client.openapi.models.V1NodeSpec;
import io.kubernetes.client.openapi.models.V1NodeStatus;
import io.kubernetes.client.openapi.models.V1NodeSystemInfo;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Node object of a kubelet, and the lease that says that it lives. One thread; blocks. */
final class NodeObject {
  private static final Logger LOG = LoggerFactory.getLogger(NodeObject.class);
  private static final String LEASES = "kube-node-lease";
  private static final int LEASE_SECONDS = 40;

  private final ApiClient client;
  private final String name;
  private final String address;
  private final String podCidr;
  private final Clock clock;
  private V1Lease lease = new V1Lease();

  NodeObject(ApiClient client, KubeletParts parts) {
    this.client = client;
    name = parts.settings().nodeName();
    address = parts.network().node().address();
    podCidr = parts.network().podCidr();
    clock = parts.clock();
  }

  /** What a node has: enough for tests, and a number of Pods as usual. */
  static Map<String, Quantity> capacity() {
    return Map.of(
        "cpu", new Quantity("8"),
        "memory", new Quantity("16Gi"),
        "ephemeral-storage", new Quantity("100Gi"),
        "pods", new Quantity("110"));
  }

  /**
   * Registers the node, ready.
   *
   * @throws SceneException when the API server refuses it
   */
  void register() {
    try {
      new CoreV1Api(client).createNode(node()).execute();
      lease = new CoordinationV1Api(client).createNamespacedLease(LEASES, renewed()).execute();
    } catch (ApiException e) {
      throw new SceneException("register node " + name + " failed: " + KubeletObjects.text(e), e);
    }
  }

  /** Renews the lease; a failure is tried again with the next one. */
  void renew() {
    try {
      lease =
          new CoordinationV1Api(client).replaceNamespacedLease(name, LEASES, renewed()).execute();
    } catch (ApiException e) {
      LOG.warn("renew lease of node {} failed: {}", name, KubeletObjects.text(e));
    }
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** The lease as the API server has it, with the time of now. */
  private V1Lease renewed() {
    V1ObjectMeta metadata =
        lease.getMetadata() == null
            ? new V1ObjectMeta().name(name).namespace(LEASES)
            : lease.getMetadata();
    return new V1Lease()
        .metadata(metadata)
        .spec(
            new V1LeaseSpec()
                .holderIdentity(name)
                .leaseDurationSeconds(LEASE_SECONDS)
                .renewTime(now()));
  }

  private V1Node node() {
    Map<String, String> labels =
        Map.of(
            "kubernetes.io/hostname",
            name,
            "kubernetes.io/os",
            "linux",
            "kubernetes.io/arch",
            architecture());
    return new V1Node()
        .metadata(new V1ObjectMeta().name(name).labels(labels))
        .spec(new V1NodeSpec().podCIDR(podCidr).podCIDRs(List.of(podCidr)))
        .status(status());
  }

  private V1NodeStatus status() {
    return new V1NodeStatus()
        .capacity(capacity())
        .allocatable(capacity())
        .addresses(
            List.of(
                new V1NodeAddress().type("InternalIP").address(address),
                new V1NodeAddress().type("Hostname").address(name)))
        .nodeInfo(system())
        .conditions(
            List.of(
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID"),
                condition("Ready", "True", "KubeletReady")));
  }

  private V1NodeCondition condition(String type, String status, String reason) {
    return new V1NodeCondition()
        .type(type)
        .status(status)
        .reason(reason)
        .message("test kubelet")
        .lastHeartbeatTime(now())
        .lastTransitionTime(now());
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  private V1NodeSystemInfo system() {
    return new V1NodeSystemInfo()
        .architecture(architecture())
        .operatingSystem("linux")
        .kernelVersion(System.getProperty("os.version"))
        .kubeletVersion("v" + KubernetesProgram.VERSION)
        .kubeProxyVersion("v" + KubernetesProgram.VERSION)
        .containerRuntimeVersion("test://1")
        .osImage("test kubelet")
        .bootID(name)
        .machineID(name)
        .systemUUID(name);
  }
}
