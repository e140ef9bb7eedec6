package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.ClusterNetwork.NodeNetwork;
import dev.shunt.e2e.cluster.NamespaceSockets;
import dev.shunt.e2e.scene.NativeProgram;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The kubelet of one node. Started by one thread; {@link #close} ends all of its Pods at once and
 * blocks until they are gone, also from a shutdown hook.
 */
public final class TestKubelet implements AutoCloseable {
  private static final String SOURCES = "/dev/shunt/e2e/cluster/container";
  private static final int TIMER_THREADS = 8;
  private static final long RENEW_SECONDS = 10;
  private static final Duration END_LIMIT = Duration.ofSeconds(20);

  private final KubeletParts parts;
  private final SharedInformerFactory informers;
  private final Map<String, Thread> threads = new ConcurrentHashMap<>();
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();

  /**
   * What a kubelet is given.
   *
   * @param api client of the node's user
   * @param sockets of the node's namespace
   * @param images what they mean
   * @param proxy that knows the Services
   */
  public record Surroundings(
      ApiClient api, NamespaceSockets sockets, Images images, ServiceProxy proxy) {}

  private TestKubelet(KubeletParts parts) {
    this.parts = parts;
    informers = new SharedInformerFactory(parts.surroundings().api());
  }

  /**
   * Registers the node and begins to run Pods.
   *
   * @throws SceneException when the API server refuses the node
   */
  public static TestKubelet start(
      KubeletSettings settings, NodeNetwork network, Surroundings surroundings) {
    makeFolders(settings);
    Path program = NativeProgram.build(SOURCES, "shunt-container", settings.directory().path());
    ScheduledExecutorService timers =
        Executors.newScheduledThreadPool(
            TIMER_THREADS,
            task -> {
              Thread thread = new Thread(task, "kubelet-timer-" + settings.nodeName());
              thread.setDaemon(true);
              return thread;
            });
    KubeletParts parts =
        new KubeletParts(
            settings,
            network,
            surroundings,
            program,
            new KubeletParts.Tools(new Spawner(settings.nodeName()), timers, Clock.systemUTC()));
    TestKubelet kubelet = new TestKubelet(parts);
    try {
      kubelet.begin();
      return kubelet;
    } catch (RuntimeException e) {
      kubelet.close();
      throw e;
    }
  }

  private static void makeFolders(KubeletSettings settings) {
    try {
      Files.createDirectories(settings.disk());
      Files.createDirectories(settings.directory().path().resolve("pods"));
      Files.createDirectories(settings.bpf());
    } catch (IOException e) {
      throw new SceneException("make folders of node " + settings.nodeName() + " failed: " + e, e);
    }
  }

  private void begin() {
    NodeObject node = new NodeObject(parts.surroundings().api(), parts);
    node.register();
    ScheduledFuture<?> unused =
        parts
            .tools()
            .timers()
            .scheduleAtFixedRate(node::renew, RENEW_SECONDS, RENEW_SECONDS, TimeUnit.SECONDS);
    String mine = "spec.nodeName=" + parts.settings().nodeName();
    SharedIndexInformer<V1Pod> pods =
        informers.sharedIndexInformerFor(
            call ->
                parts
                    .core()
                    .listPodForAllNamespaces()
                    .fieldSelector(mine)
                    .resourceVersion(call.resourceVersion)
                    .timeoutSeconds(call.timeoutSeconds)
                    .watch(call.watch)
                    .buildCall(null),
            V1Pod.class,
            V1PodList.class);
    pods.addEventHandler(
        new ResourceEventHandler<V1Pod>() {
          @Override
          public void onAdd(V1Pod pod) {
            see(pod);
          }

          @Override
          public void onUpdate(V1Pod before, V1Pod after) {
            see(after);
          }

          @Override
          public void onDelete(V1Pod pod, boolean isStale) {
            PodWorker worker = workers.get(pod.getMetadata().getUid());
            if (worker != null) {
              worker.vanish();
            }
          }
        });
    informers.startAllRegisteredInformers();
  }

  private void see(V1Pod pod) {
    workers.computeIfAbsent(pod.getMetadata().getUid(), uid -> begin(uid, pod)).see(pod);
  }

  private PodWorker begin(String uid, V1Pod pod) {
    PodWorker worker = new PodWorker(pod, parts);
    Thread thread =
        new Thread(
            () -> {
              worker.run();
              threads.remove(uid);
            },
            "pod-" + pod.getMetadata().getName());
    thread.setDaemon(true);
    threads.put(uid, thread);
    thread.start();
    return worker;
  }

  @Override
  public void close() {
    try (Teardown last = new Teardown()) {
      last.add(() -> SceneDirectory.existing(parts.settings().bpf()).close());
      last.add(parts.tools().spawner());
      last.add(() -> parts.tools().timers().shutdownNow());
      informers.stopAllRegisteredInformers(true);
      workers.values().forEach(PodWorker::stop);
      long deadlineNanos = System.nanoTime() + END_LIMIT.toNanos();
      for (Thread thread : threads.values()) {
        try {
          thread.join(
              Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
