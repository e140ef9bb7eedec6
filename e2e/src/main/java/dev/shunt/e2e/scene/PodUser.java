package dev.shunt.e2e.scene;

import java.util.ArrayList;
import java.util.List;

/**
 * Who a pod's process runs as. Immutable.
 *
 * @param uid user and group
 * @param capabilities that it has, as setpriv(1) names them, such as {@code net_admin}
 */
public record PodUser(int uid, List<String> capabilities) {
  public PodUser {
    capabilities = List.copyOf(capabilities);
  }

  /** A user without capabilities. */
  public static PodUser of(int uid) {
    return new PodUser(uid, List.of());
  }

  /** What becomes a program as this user; it is killed when the thread that starts it ends. */
  List<String> command() {
    List<String> argv =
        new ArrayList<>(
            List.of(
                SceneRequirements.program("setpriv"),
                "--reuid=" + uid,
                "--regid=" + uid,
                "--clear-groups",
                "--no-new-privs",
                "--pdeathsig=KILL"));
    if (!capabilities.isEmpty()) {
      String all = "+" + String.join(",+", capabilities);
      argv.add("--inh-caps=" + all);
      argv.add("--ambient-caps=" + all);
    }
    argv.add("--");
    return argv;
  }
}
