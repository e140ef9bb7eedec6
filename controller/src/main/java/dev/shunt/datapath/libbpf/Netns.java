package dev.shunt.datapath.libbpf;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs tasks inside network namespaces.
 *
 * <p>Each task gets a thread of its own that ends with it: a thread that has entered a namespace is
 * never used for anything else. The caller waits. Sockets and interface indexes made or looked up
 * by the task belong to that namespace; sockets stay in it afterwards.
 */
public final class Netns {
  /** The network namespace of the calling thread. */
  public static final Path CURRENT = Path.of("/proc/thread-self/ns/net");

  private Netns() {}

  /**
   * Runs a task in the namespace that a file names, e.g. {@code /run/netns/blue} or {@code
   * /proc/42/ns/net}.
   *
   * @throws BpfException the namespace cannot be opened or entered
   */
  public static <T> T call(Path namespace, Callable<T> task) {
    try (Fd opened = Linux.open(namespace)) {
      return call(opened, task);
    }
  }

  /** As {@link #call(Path, Callable)} for a namespace held open, which needs no name. */
  public static <T> T call(Fd namespace, Callable<T> task) {
    return run(
        "netns-task",
        () -> {
          Linux.setNetns(namespace);
          return task.call();
        });
  }

  /**
   * A new network namespace with its loopback down; it lasts until the last use of it is closed.
   */
  public static Fd create() {
    return run(
        "netns-create",
        () -> {
          Linux.unshareNetns();
          return Linux.open(CURRENT);
        });
  }

  private static <T> T run(String threadName, Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future, threadName);
    thread.setDaemon(true);
    thread.start();
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw rethrow(Objects.requireNonNullElse(failed.getCause(), failed));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(threadName + " was interrupted", interrupted);
    }
  }

  private static RuntimeException rethrow(Throwable cause) {
    if (cause instanceof RuntimeException unchecked) {
      return unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(
        "task in network namespace failed: " + cause.getMessage(), cause);
  }
}
