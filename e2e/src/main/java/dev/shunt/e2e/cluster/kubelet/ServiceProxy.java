package dev.shunt.e2e.cluster.kubelet;

import static dev.shunt.e2e.scene.PodNetwork.inside;

import dev.shunt.e2e.scene.SceneCommand;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in for kube-proxy and for DNS on a node: translates the addresses of Services with
 * netfilter, and knows their names. The threads that watch write rules; anybody may ask for names.
 */
public final class ServiceProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceProxy.class);

  private final String namespace;
  private final SharedInformerFactory informers;
  private final SharedIndexInformer<V1Service> services;
  private final BackendWatch backends;
  private String written = "";

  private ServiceProxy(ApiClient api, String namespace) {
    this.namespace = namespace;
    informers = new SharedInformerFactory(api);
    services =
        informers.sharedIndexInformerFor(
            call ->
                new CoreV1Api(api)
                    .listServiceForAllNamespaces()
                    .resourceVersion(call.resourceVersion)
                    .timeoutSeconds(call.timeoutSeconds)
                    .watch(call.watch)
                    .buildCall(null),
            V1Service.class,
            V1ServiceList.class);
    backends = new BackendWatch(api, this::update);
  }

  /**
   * Begins to translate.
   *
   * @param api client of kube-proxy's user
   * @param namespace of the node
   */
  public static ServiceProxy start(ApiClient api, String namespace) {
    ServiceProxy proxy = new ServiceProxy(api, namespace);
    proxy.restore(ServiceRules.BASE);
    proxy.services.addEventHandler(proxy.onAnyChange());
    proxy.informers.startAllRegisteredInformers();
    proxy.backends.start();
    return proxy;
  }

  private ResourceEventHandler<V1Service> onAnyChange() {
    return new ResourceEventHandler<V1Service>() {
      @Override
      public void onAdd(V1Service added) {
        update();
      }

      @Override
      public void onUpdate(V1Service before, V1Service after) {
        update();
      }

      @Override
      public void onDelete(V1Service deleted, boolean isStale) {
        update();
      }
    };
  }

  private synchronized void update() {
    String rules = rules().nat();
    if (rules.equals(written)) {
      return;
    }
    try {
      restore(rules);
      written = rules;
    } catch (SceneException e) {
      LOG.warn("translate Services failed: {}; keeping the last rules", e.getMessage());
    }
  }

  private ServiceRules rules() {
    return new ServiceRules(services.getIndexer().list(), backends.all());
  }

  private void restore(String rules) {
    List<String> argv =
        List.of(SceneRequirements.program("iptables-restore"), "--noflush", "--wait", "5");
    SceneCommand.runWithInput(inside(namespace, argv), rules);
  }

  /**
   * The file /etc/hosts of a Pod: its own name and those of all Services.
   *
   * @param podNamespace whose Services have short names
   * @param own line of the Pod
   */
  String hosts(String podNamespace, String own) {
    return "127.0.0.1 localhost\n" + own + "\n" + rules().names(podNamespace);
  }

  @Override
  public void close() {
    backends.close();
    informers.stopAllRegisteredInformers(true);
  }
}
