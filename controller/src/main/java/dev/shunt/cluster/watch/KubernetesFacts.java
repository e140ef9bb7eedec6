package dev.shunt.cluster.watch;

import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.Fact;
import dev.shunt.cluster.compile.FactSink;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.watch.ResourceWatch.Resource;
import dev.shunt.desired.PolicyKind;
import dev.shunt.ingest.kubernetes.ClusterAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Watches pods, namespaces, nodes and all kinds of policies. A thread for each. Lifecycle: from
 * {@link #start} until {@link #close}.
 */
public final class KubernetesFacts implements AutoCloseable {
  /** Where policies are in the API. */
  public static final String GROUP_PATH = "/apis/shunt.dev/v1alpha1/";

  private final List<ResourceWatch> watches = new ArrayList<>();

  private KubernetesFacts() {}

  /** Starts all watches; the sink is told {@code synced} when each has listed once. */
  public static KubernetesFacts start(
      ClusterAccess access, PolicyBook policies, FactSink sink, PlaneMeter meter) {
    ApiPages lists = new ApiPages(access.lists());
    ApiPages watches = new ApiPages(access.watches());
    List<Resource> resources = resources(policies);
    AtomicInteger left = new AtomicInteger(resources.size());
    KubernetesFacts facts = new KubernetesFacts();
    for (Resource resource : resources) {
      facts.watches.add(
          new ResourceWatch(
              new ResourceWatch.Api(lists, watches),
              resource,
              sink,
              () -> {
                if (left.decrementAndGet() == 0) {
                  sink.synced();
                }
              },
              meter));
    }
    facts.watches.forEach(ResourceWatch::start);
    return facts;
  }

  private static List<Resource> resources(PolicyBook policies) {
    JsonObject none = new JsonObject();
    List<Resource> resources = new ArrayList<>();
    resources.add(new Resource("nodes", "/api/v1/nodes", new LabelReader(Fact.Node::new), none));
    resources.add(
        new Resource(
            "namespaces", "/api/v1/namespaces", new LabelReader(Fact.Namespace::new), none));
    resources.add(new Resource("pods", "/api/v1/pods", new PodReader(), none));
    for (PolicyKind kind : PolicyKind.values()) {
      JsonObject identity = new JsonObject();
      identity.addProperty("apiVersion", "shunt.dev/v1alpha1");
      identity.addProperty("kind", kind.text());
      String plural = plural(kind.text());
      resources.add(new Resource(plural, GROUP_PATH + plural, policies, identity));
    }
    return resources;
  }

  /** As the API's paths spell a kind. */
  public static String plural(String kind) {
    String name = kind.toLowerCase(Locale.ROOT);
    return name.endsWith("y") ? name.substring(0, name.length() - 1) + "ies" : name + "s";
  }

  @Override
  public void close() {
    watches.forEach(ResourceWatch::close);
  }
}
