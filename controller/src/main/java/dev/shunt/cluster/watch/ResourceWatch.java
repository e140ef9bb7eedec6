package dev.shunt.cluster.watch;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.FactSink;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.watch.ApiPages.GoneException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists one resource and follows it, for ever. One thread of its own. Lifecycle: from {@link
 * #start} until {@link #close}.
 */
final class ResourceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceWatch.class);
  private static final String PAGE = "500";

  /** The server ends a watch after so long. */
  private static final int WATCH_SECONDS = 240;

  private static final long PAUSE_MILLIS_FIRST = 500;
  private static final long PAUSE_MILLIS_MAX = 30_000;

  private final Api api;
  private final Resource resource;
  private final FactSink sink;
  private final Runnable listed;
  private final PlaneMeter meter;
  private final Thread thread;
  private final Set<String> known = new HashSet<>();
  private volatile boolean closed;
  private volatile @Nullable Call running;
  private boolean everListed;

  /** For calls that answer and end, and for those that stay open. */
  record Api(ApiPages lists, ApiPages watches) {}

  /**
   * What is watched.
   *
   * @param name for messages and metrics, such as {@code pods}
   * @param path of the API
   * @param reader of its objects
   * @param identity what lists leave out of their items: apiVersion and kind
   */
  record Resource(String name, String path, FactReader reader, JsonObject identity) {}

  ResourceWatch(Api api, Resource resource, FactSink sink, Runnable listed, PlaneMeter meter) {
    this.api = api;
    this.resource = resource;
    this.sink = sink;
    this.listed = listed;
    this.meter = meter;
    this.thread = new Thread(this::run, "watch-" + resource.name());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    Call call = running;
    if (call != null) {
      call.cancel();
    }
    thread.interrupt();
  }

  private void run() {
    long pause = PAUSE_MILLIS_FIRST;
    while (!closed) {
      try {
        String version = list();
        if (!everListed) {
          everListed = true;
          listed.run();
        }
        pause = PAUSE_MILLIS_FIRST;
        while (!closed) {
          version = watch(version);
        }
      } catch (GoneException e) {
        LOG.debug("watch {}: version too old; listing anew", resource.name());
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.warn("watch {} failed: {}; listing anew", resource.name(), cause(e));
          pause = sleep(pause);
        }
      }
      meter.watchRestarted(resource.name());
    }
  }

  /** Sleeps for a part of the pause by chance; returns the next one. */
  private static long sleep(long pause) {
    try {
      TimeUnit.MILLISECONDS.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Math.min(PAUSE_MILLIS_MAX, pause * 2);
  }

  private static String cause(Exception e) {
    return e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
  }

  /** Tells all objects, and which of those known before are gone; returns the list's version. */
  private String list() throws IOException {
    Set<String> present = new HashSet<>();
    Map<String, String> query = new HashMap<>(Map.of("limit", PAGE));
    String version;
    while (true) {
      JsonObject page = api.lists().page(resource.path(), query);
      for (JsonElement item : page.getAsJsonArray("items")) {
        present.add(tell(item.getAsJsonObject()));
      }
      JsonObject metadata = ObjectFields.metadata(page);
      version = ObjectFields.text(metadata, "resourceVersion");
      String next = ObjectFields.text(metadata, "continue");
      if (next.isEmpty()) {
        break;
      }
      query.put("continue", next);
    }
    Set<String> gone = new HashSet<>(known);
    gone.removeAll(present);
    for (String key : gone) {
      known.remove(key);
      sink.accept(resource.reader().absent(key));
    }
    return version;
  }

  private String tell(JsonObject object) {
    for (Map.Entry<String, JsonElement> entry : resource.identity().entrySet()) {
      if (!object.has(entry.getKey())) {
        object.add(entry.getKey(), entry.getValue());
      }
    }
    String key = resource.reader().key(object);
    known.add(key);
    resource.reader().present(object).ifPresent(sink::accept);
    return key;
  }

  /** Follows from a version until the server ends the watch; returns the version to go on from. */
  private String watch(String from) throws IOException {
    Map<String, String> query = new HashMap<>();
    query.put("watch", "true");
    query.put("allowWatchBookmarks", "true");
    query.put("resourceVersion", from);
    query.put("timeoutSeconds", Integer.toString(WATCH_SECONDS));
    Call call = api.watches().watch(resource.path(), query);
    running = call;
    if (closed) {
      call.cancel();
    }
    Progress progress = new Progress(from);
    ApiPages.follow(call, resource.path(), progress::take);
    return progress.version();
  }

  /** What one watch has told so far. */
  private final class Progress {
    private String version;
    private @Nullable JsonObject error;

    Progress(String from) {
      version = from;
    }

    void take(JsonObject event) {
      JsonObject object = ObjectFields.object(event, "object");
      switch (ObjectFields.text(event, "type")) {
        case "ADDED", "MODIFIED" -> tell(object);
        case "DELETED" -> {
          String key = resource.reader().key(object);
          known.remove(key);
          sink.accept(resource.reader().absent(key));
        }
        case "ERROR" -> error = object;
        default -> LOG.debug("watch {}: {}", resource.name(), event.get("type"));
      }
      String seen = ObjectFields.text(ObjectFields.metadata(object), "resourceVersion");
      version = seen.isEmpty() ? version : seen;
    }

    /** The version to go on from. */
    String version() throws IOException {
      JsonObject failure = error;
      if (failure == null) {
        return version;
      }
      if (ApiPages.isGone(failure)) {
        throw new GoneException("watch " + resource.name());
      }
      throw new IOException(ObjectFields.text(failure, "message"));
    }
  }
}
