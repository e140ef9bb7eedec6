package dev.shunt.e2e.scene;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What must be undone, newest first. Any thread: the scene's own thread and a shutdown hook may
 * both call {@link #close}; the second waits for the first and finds nothing left to do.
 */
public final class Teardown implements AutoCloseable {
  private final Deque<AutoCloseable> steps = new ArrayDeque<>();
  private boolean closed;

  /**
   * Remembers {@code resource} for closing and returns it.
   *
   * @throws SceneException when the teardown has begun; the resource is closed first
   */
  public synchronized <T extends AutoCloseable> T add(T resource) {
    if (!closed) {
      steps.push(resource);
      return resource;
    }
    SceneException stopping = new SceneException("build scene failed: it is being removed");
    closeOne(resource, stopping);
    throw stopping;
  }

  /** Whether the teardown has begun: failures after that are its consequence. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /**
   * Closes everything, also when some of it fails.
   *
   * @throws SceneException the first failure with the others suppressed
   */
  @Override
  public synchronized void close() {
    closed = true;
    SceneException first = null;
    while (!steps.isEmpty()) {
      first = closeOne(steps.pop(), first);
    }
    if (first != null) {
      throw first;
    }
  }

  private static @Nullable SceneException closeOne(
      AutoCloseable resource, @Nullable SceneException first) {
    try {
      resource.close();
      return first;
    } catch (Exception e) {
      SceneException failure =
          e instanceof SceneException s
              ? s
              : new SceneException("remove " + resource + " failed: " + e, e);
      if (first == null) {
        return failure;
      }
      first.addSuppressed(failure);
      return first;
    }
  }
}
