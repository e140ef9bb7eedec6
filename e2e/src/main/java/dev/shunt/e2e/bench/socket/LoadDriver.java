package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDialogue;
import java.time.Duration;

/**
 * A load generator that stays connected to its server from run to run. One thread; {@link #close}
 * also from a shutdown hook.
 */
final class LoadDriver implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final LoadShape shape;
  private final SceneDialogue program;
  private final CgroupTree cgroup;
  private final Cover cover;

  /**
   * Takes over a program that was started.
   *
   * @param cgroup of the program, its server and nothing else
   * @param cover whose CPU time counts as well
   */
  LoadDriver(LoadShape shape, SceneDialogue program, CgroupTree cgroup, Cover cover) {
    this.shape = shape;
    this.program = program;
    this.cgroup = cgroup;
    this.cover = cover;
  }

  /**
   * Drives load.
   *
   * @throws dev.shunt.e2e.scene.SceneException an operation failed: such a run measures nothing
   */
  Sample drive(int millis) {
    long before = cpuMicros();
    String figures = program.ask(Integer.toString(millis), LIMIT);
    return LoadResult.parse(figures).sample(shape, cpuMicros() - before);
  }

  private long cpuMicros() {
    return cgroup.cpuMicros() + cover.cpuMicros();
  }

  @Override
  public void close() {
    program.close();
  }
}
