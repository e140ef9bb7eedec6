package dev.shunt.e2e.scene;

import dev.shunt.e2e.scene.PodNetwork.PodNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod: a network namespace, a cgroup and a place for files, in which processes are started under
 * their own user ids. One thread; owns nothing that needs closing beyond what its parts own.
 *
 * @param name short name, unique in its scene
 * @param namespace network namespace and address
 * @param cgroup where every process of the pod runs
 * @param directory the scene's directory; the pod's processes get folders of their own in it
 */
public record Pod(
    String name, PodNamespace namespace, CgroupTree cgroup, SceneDirectory directory) {

  /**
   * Joins a cgroup and becomes the command. The process must be a member before it opens a socket:
   * a socket belongs to the cgroup of its creator for good. The text is constant; paths and
   * arguments come in as positional parameters, never as shell source.
   */
  private static final String JOIN = "echo $$ >\"$0\" && exec \"$@\"";

  /** Makes a folder for the process {@code processName} owned by {@code uid}. */
  public Path folder(String processName, int uid) {
    return directory.folder(name + "-" + processName, uid);
  }

  /**
   * Starts a process in this pod's namespace and cgroup, as user {@code uid} without privileges. It
   * is killed when the calling thread ends.
   */
  public SceneProcess start(String processName, int uid, List<String> argv) {
    List<String> wrapped = new ArrayList<>(enter());
    wrapped.addAll(
        List.of(
            SceneRequirements.program("setpriv"),
            "--reuid=" + uid,
            "--regid=" + uid,
            "--clear-groups",
            "--no-new-privs",
            "--pdeathsig=KILL",
            "--"));
    wrapped.addAll(argv);
    String fullName = processName + " of " + name;
    Path log = directory.path().resolve(name + "-" + processName + ".log");
    return SceneProcess.start(fullName, wrapped, log);
  }

  /** Runs a short command as root in this pod's namespace, with {@code input} on its stdin. */
  String run(List<String> argv, String input) {
    List<String> wrapped = new ArrayList<>(enter());
    wrapped.addAll(argv);
    return SceneCommand.runWithInput(wrapped, input);
  }

  private List<String> enter() {
    // "ip netns exec" would mount a fresh /sys and so hide the cgroup and bpf file systems
    return List.of(
        "/bin/sh",
        "-c",
        JOIN,
        cgroup.procs().toString(),
        SceneRequirements.program("nsenter"),
        "--net=" + PodNetwork.NAMESPACES.resolve(namespace.name()),
        "--");
  }
}
