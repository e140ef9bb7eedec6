package dev.shunt.ingest.kubernetes;

import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.common.KubernetesListObject;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.ListerWatcher;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.informer.impl.DefaultSharedIndexInformer;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import java.util.List;
import java.util.random.RandomGenerator;
import okhttp3.Call;

/**
 * An informer of one kind that keeps little, waits between attempts and says what fails.
 * Thread-safe; closing ends its threads.
 */
final class Informer<T extends KubernetesObject, L extends KubernetesListObject>
    implements AutoCloseable {
  private final Attempts attempts;
  private final DefaultSharedIndexInformer<T, L> informer;

  /**
   * What to list and watch.
   *
   * @param name for messages
   * @param item class of one
   * @param list class of a list
   * @param request of one call
   */
  record Kind<T, L>(String name, Class<T> item, Class<L> list, Request request) {}

  /** Makes a call to list or watch. */
  interface Request {
    Call call(ApiClient client, CallGeneratorParams parameters) throws ApiException;
  }

  /** Reports every event, on a thread of its own. */
  private record Bell<T extends KubernetesObject>(Runnable event)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      event.run();
    }

    @Override
    public void onUpdate(T before, T object) {
      event.run();
    }

    @Override
    public void onDelete(T object, boolean isFinalStateUnknown) {
      event.run();
    }
  }

  Informer(ClusterAccess access, Kind<T, L> kind, Runnable event) {
    attempts = new Attempts(kind.name(), RandomGenerator.getDefault());
    informer =
        new DefaultSharedIndexInformer<>(
            kind.item(),
            new Source<>(access, kind, attempts),
            0,
            new Cache<>(),
            (type, failure) -> interrupted(failure));
    informer.setTransform(this::kept);
    informer.addEventHandler(new Bell<>(event));
  }

  /** The calls of an informer, each a recorded attempt. */
  private record Source<T extends KubernetesObject, L extends KubernetesListObject>(
      ClusterAccess access, Kind<T, L> kind, Attempts attempts) implements ListerWatcher<T, L> {
    @Override
    public L list(CallGeneratorParams parameters) throws ApiException {
      ApiClient client = access.lists();
      return attempts.make(
          "list",
          () -> client.<L>execute(kind.request().call(client, parameters), kind.list()).getData());
    }

    @Override
    public Watchable<T> watch(CallGeneratorParams parameters) throws ApiException {
      ApiClient client = access.watches();
      return attempts.make(
          "watch",
          () ->
              Watch.createWatch(
                  client,
                  kind.request().call(client, parameters),
                  TypeToken.getParameterized(Watch.Response.class, kind.item()).getType()));
    }
  }

  /** What the API server refused is told already. */
  private void interrupted(Throwable failure) {
    if (!(failure instanceof ApiException)) {
      attempts.failed("watch", failure);
    }
  }

  /** The informer would swallow what is thrown here. */
  private KubernetesObject kept(KubernetesObject object) {
    try {
      return Slimmer.slim(object);
    } catch (RuntimeException odd) {
      attempts.failed("read", odd);
      return object;
    }
  }

  void start() {
    informer.run();
  }

  /** All objects as known now. */
  @SuppressWarnings("unchecked") // SharedIndexInformer declares the raw type (client-java 25)
  List<T> known() {
    return (List<T>) informer.getIndexer().list();
  }

  /** Whether the first list is in. */
  boolean hasSynced() {
    return informer.hasSynced();
  }

  /** What keeps it from knowing; empty when nothing does. */
  String trouble() {
    return attempts.trouble();
  }

  @Override
  public void close() {
    attempts.end();
    informer.stop();
  }
}
