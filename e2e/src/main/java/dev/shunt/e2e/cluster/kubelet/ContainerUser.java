package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import io.kubernetes.client.openapi.models.V1Capabilities;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1PodSecurityContext;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Who a container's process is, as its security context says. Stateless. */
final class ContainerUser {
  /** What containerd gives to a container that is not privileged (oci/spec.go, 1.7). */
  private static final List<String> USUAL =
      List.of(
          "chown",
          "dac_override",
          "fsetid",
          "fowner",
          "mknod",
          "net_raw",
          "setgid",
          "setuid",
          "setfcap",
          "setpcap",
          "net_bind_service",
          "sys_chroot",
          "kill",
          "audit_write");

  private ContainerUser() {}

  /**
   * What becomes a program as this user; it is killed when the thread that starts it ends.
   *
   * @param imageUser that the image names
   * @throws SceneException when the container may not run as root and would
   */
  static List<String> command(V1PodSpec pod, V1Container container, int imageUser) {
    Optional<V1PodSecurityContext> whole = Optional.ofNullable(pod.getSecurityContext());
    Optional<V1SecurityContext> own = Optional.ofNullable(container.getSecurityContext());
    long user =
        own.map(V1SecurityContext::getRunAsUser)
            .or(() -> whole.map(V1PodSecurityContext::getRunAsUser))
            .orElse((long) imageUser);
    long group =
        own.map(V1SecurityContext::getRunAsGroup)
            .or(() -> whole.map(V1PodSecurityContext::getRunAsGroup))
            .orElse(0L);
    boolean refusesRoot =
        own.map(V1SecurityContext::getRunAsNonRoot)
            .or(() -> whole.map(V1PodSecurityContext::getRunAsNonRoot))
            .orElse(false);
    if (user == 0 && refusesRoot) {
      throw new SceneException("container has runAsNonRoot and image will run as root");
    }
    List<String> argv = new ArrayList<>(List.of(SceneRequirements.program("setpriv")));
    argv.addAll(List.of("--reuid=" + user, "--regid=" + group));
    argv.add(groups(whole));
    if (!own.map(V1SecurityContext::getPrivileged).orElse(false)) {
      argv.add("--bounding-set=-all," + added(own.map(V1SecurityContext::getCapabilities)));
    }
    argv.add("--inh-caps=-all");
    if (!own.map(V1SecurityContext::getAllowPrivilegeEscalation).orElse(true)) {
      argv.add("--no-new-privs");
    }
    argv.addAll(List.of("--pdeathsig=KILL", "--"));
    return argv;
  }

  private static String groups(Optional<V1PodSecurityContext> pod) {
    TreeSet<Long> groups = new TreeSet<>();
    pod.map(V1PodSecurityContext::getFsGroup).ifPresent(groups::add);
    pod.map(V1PodSecurityContext::getSupplementalGroups).ifPresent(groups::addAll);
    if (groups.isEmpty()) {
      return "--clear-groups";
    }
    return "--groups=" + String.join(",", groups.stream().map(String::valueOf).toList());
  }

  /** The list of setpriv(1); without any, it only takes away what is there already. */
  private static String added(Optional<V1Capabilities> asked) {
    TreeSet<String> all = new TreeSet<>(USUAL);
    for (String dropped : names(asked.map(V1Capabilities::getDrop))) {
      if (dropped.equals("all")) {
        all.clear();
      } else {
        all.remove(dropped);
      }
    }
    for (String more : names(asked.map(V1Capabilities::getAdd))) {
      if (more.equals("all")) {
        return "+all";
      }
      all.add(more);
    }
    return all.isEmpty() ? "-all" : "+" + String.join(",+", all);
  }

  private static List<String> names(Optional<List<String>> capabilities) {
    return capabilities.orElse(List.of()).stream()
        .map(name -> name.toLowerCase(Locale.ROOT).replaceFirst("^cap_", ""))
        .toList();
  }
}
