package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pod that comes and goes: a network namespace and its policy at a node. One thread; {@link
 * #close} removes both, and may be called again.
 */
public final class PassingPod implements AutoCloseable {
  private final PeerBed bed;
  private final String name;
  private final Path policy;
  private boolean gone;

  private PassingPod(PeerBed bed, String name, Path policy) {
    this.bed = bed;
    this.name = name;
    this.policy = policy;
  }

  /** Start of the names of a bed's passing pods. */
  public static String prefix(PeerBed bed) {
    return bed.name() + "-p";
  }

  /** Makes a pod that the node then finds. */
  public static PassingPod make(PeerBed bed, NodeHost node, int number) {
    String name = prefix(bed) + number;
    PassingPod pod = new PassingPod(bed, name, node.policyFile(name));
    bed.command("ip", "netns", "add", name);
    try {
      bed.command("ip", "-netns", name, "link", "set", "lo", "up");
      Files.writeString(pod.policy, NodeHost.policy(name, "accelerate"));
      return pod;
    } catch (IOException e) {
      pod.close();
      throw new SceneException("write policy of " + name + " failed: " + e, e);
    }
  }

  @Override
  public void close() {
    if (gone) {
      return;
    }
    gone = true;
    try {
      Files.deleteIfExists(policy);
    } catch (IOException e) {
      throw new SceneException("remove policy of " + name + " failed: " + e, e);
    } finally {
      bed.command("ip", "netns", "delete", name);
    }
  }
}
