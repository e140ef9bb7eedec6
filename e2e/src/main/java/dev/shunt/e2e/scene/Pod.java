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

  /** Makes a folder for the process {@code processName} owned by {@code uid}. */
  public Path folder(String processName, int uid) {
    return directory.folder(name + "-" + processName, uid);
  }

  /**
   * Starts a process in this pod's namespace and cgroup, as user {@code uid} without privileges. It
   * is killed when the calling thread ends.
   */
  public SceneProcess start(String processName, int uid, List<String> argv) {
    return start(processName, PodUser.of(uid), argv);
  }

  /** As the other one, with the privileges of a user. */
  public SceneProcess start(String processName, PodUser user, List<String> argv) {
    return SceneProcess.start(processName + " of " + name, as(user, argv), log(processName));
  }

  /** As {@link #start}, for a process that answers what it is asked. */
  public SceneDialogue startDialogue(String processName, int uid, List<String> argv) {
    return SceneDialogue.start(
        processName + " of " + name, as(PodUser.of(uid), argv), log(processName));
  }

  private Path log(String processName) {
    return directory.path().resolve(name + "-" + processName + ".log");
  }

  private List<String> as(PodUser user, List<String> argv) {
    List<String> entered = new ArrayList<>(user.command());
    entered.addAll(argv);
    return inside(entered);
  }

  /**
   * Lets iptables REDIRECT catch what this pod sends to a port of any other address.
   *
   * @param caught port that is dialled
   * @param local port of this pod that gets it
   */
  public void redirectOutput(int caught, int local) {
    run(
        List.of(SceneRequirements.program("iptables-restore"), "--wait", "5"),
        "*nat\n-A OUTPUT -p tcp --dport %d -j REDIRECT --to-ports %d\nCOMMIT\n"
            .formatted(caught, local));
  }

  /**
   * Adds netfilter rules.
   *
   * @param restore {@code iptables-restore} or {@code ip6tables-restore}
   * @param rules what that program reads
   * @throws SceneException when netfilter refuses them
   */
  public void addRules(String restore, String rules) {
    run(List.of(SceneRequirements.program(restore), "--noflush", "--wait", "5"), rules);
  }

  /** What a file below /proc/net says in this pod's namespace (proc(5)). */
  public String procNet(String file) {
    // /proc/net is that of the process which reads it
    return run(List.of("/bin/cat", "/proc/net/" + file), "");
  }

  /** Runs {@code ip} in this pod's namespace. */
  public void ip(String... arguments) {
    List<String> argv = new ArrayList<>(List.of(SceneRequirements.program("ip")));
    argv.addAll(List.of(arguments));
    run(argv, "");
  }

  /** Runs a short command as root in this pod's namespace, with {@code input} on its stdin. */
  String run(List<String> argv, String input) {
    return SceneCommand.runWithInput(inside(argv), input);
  }

  private List<String> inside(List<String> argv) {
    // "ip netns exec" would mount a fresh /sys and so hide the cgroup and bpf file systems
    List<String> entered =
        new ArrayList<>(
            List.of(
                SceneRequirements.program("nsenter"),
                "--net=" + PodNetwork.NAMESPACES.resolve(namespace.name()),
                "--"));
    entered.addAll(argv);
    return cgroup.joining(entered);
  }
}
