package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.KubeTool;
import dev.shunt.e2e.scene.SceneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes each right of the chart's roles away in turn and looks for what fails: who has a right that
 * nothing needs has too many. Stateless.
 */
final class RightsSteps {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** How the API server's refusal appears in a log. */
  private static final Pattern REFUSED =
      Pattern.compile("[^\\n]*(?:HTTP 403|response code: 403|answers 403)[^\\n]*");

  private static final int SHOWN = 120;

  private RightsSteps() {}

  static List<ClusterStep> all() {
    return List.of(
        new ClusterStep("rights_kept", "with every right nothing is refused", RightsSteps::kept),
        new ClusterStep(
            "rights_of_plane",
            "the control plane misses each right in the cluster",
            stage -> planeMisses(stage, "clusterrole/shunt-control-plane")),
        new ClusterStep(
            "rights_of_plane_in_namespace",
            "and each right in its namespace",
            stage -> planeMisses(stage, "role/shunt-control-plane")),
        new ClusterStep("rights_of_node", "a node misses its right", RightsSteps::nodeMisses),
        new ClusterStep("rights_of_users", "users miss theirs", RightsSteps::usersMiss),
        new ClusterStep(
            "rights_of_uninstall",
            "helm uninstall misses each right of its hook",
            UninstallRights::missed));
  }

  private static String kept(ClusterStage stage) {
    stage.kubectl().run("apply", "-f", stage.manifest("security/people.yaml").toString());
    stage.kubectl().run("apply", "-f", stage.manifest("good/policies.yaml").toString());
    stage.kubectl().run("apply", "-f", stage.manifest("acceleration.yaml").toString());
    try (PlaneProvocation provocation = new PlaneProvocation(stage)) {
      provocation.restart();
      rollOut(stage);
      provocation.provokeAll();
      stage.await("status of every policy", LIMIT, provocation::isWritten);
      if (provocation.readerIsRefused()) {
        throw new SceneException("ask for statistics failed: refused with the right to them");
      }
    }
    refusal(stage, "control-plane").ifPresent(RightsSteps::unexpected);
    refusal(stage, "node").ifPresent(RightsSteps::unexpected);
    return "policies of every kind, status, an Event, a certificate, statistics: no request refused";
  }

  private static void unexpected(String line) {
    throw new SceneException("have every right failed: " + line);
  }

  static void rollOut(ClusterStage stage) {
    stage
        .kubectl()
        .run(
            "rollout", "status", "-n", "shunt", "deployment/shunt-control-plane", "--timeout=180s");
  }

  /** The first refusal of the API server in the logs of the pods that are there. */
  private static Optional<String> refusal(ClusterStage stage, String container) {
    Matcher found = REFUSED.matcher(new PodLogs(stage).of(container));
    return found.find() ? Optional.of(found.group()) : Optional.empty();
  }

  private static String planeMisses(ClusterStage stage, String role) {
    try (PlaneProvocation provocation = new PlaneProvocation(stage)) {
      return missed(
          stage,
          role,
          right -> {
            provocation.restart();
            stage.await(
                "a failure of the control plane without " + right,
                LIMIT,
                () -> {
                  provocation.provoke(right.resource());
                  return refusal(stage, "control-plane").isPresent();
                });
            return refusal(stage, "control-plane").orElse("");
          });
    }
  }

  private static String nodeMisses(ClusterStage stage) {
    return missed(
        stage,
        "clusterrole/shunt-node",
        right -> {
          stage.kubectl().run("rollout", "restart", "-n", "shunt", "daemonset/shunt-node");
          stage.await(
              "a failure of a node without " + right,
              LIMIT,
              () -> refusal(stage, "node").isPresent());
          return refusal(stage, "node").orElse("");
        });
  }

  /** Takes the rights of a role away one by one; each attempt says what failed. */
  private static String missed(
      ClusterStage stage, String role, Function<RemovedRight, String> attempt) {
    List<String> failures = new ArrayList<>();
    for (RemovedRight right : RemovedRight.of(stage, role)) {
      right.takeAway(stage);
      try {
        String failure = attempt.apply(right);
        failures.add(right.toString());
        stage.say("      without %s: %s".formatted(right, shortened(failure)));
      } finally {
        right.giveBack(stage);
      }
    }
    return failures.size() + " taken away, each is missed: " + String.join(", ", failures);
  }

  private static String shortened(String line) {
    String said = line.replaceFirst("^\\S+ +[A-Z]+ +", "");
    return said.substring(0, Math.min(said.length(), SHOWN));
  }

  private static String usersMiss(ClusterStage stage) {
    List<String> missed = new ArrayList<>();
    missed.add(userMisses(stage, "clusterrole/shunt-view", "viewer", "list"));
    missed.add(userMisses(stage, "clusterrole/shunt-edit", "editor", "patch"));
    try (PlaneProvocation provocation = new PlaneProvocation(stage)) {
      missed.add(
          missed(
              stage,
              "clusterrole/shunt-statistics",
              right -> {
                stage.await("a refusal of statistics", LIMIT, provocation::readerIsRefused);
                return "statistics failed: PERMISSION_DENIED";
              }));
    }
    return String.join("; ", missed);
  }

  private static String userMisses(ClusterStage stage, String role, String account, String verb) {
    KubeTool kubectl = stage.cluster().kubectl(stage.cluster().accountKubeconfig("mesh", account));
    RemovedRight.of(stage, role)
        .forEach(right -> awaitAnswer(stage, kubectl, "yes", verb + " " + right.resource()));
    return missed(
        stage,
        role,
        right -> {
          awaitAnswer(stage, kubectl, "no", verb + " " + right.resource());
          return account + " may not " + verb + " " + right.resource();
        });
  }

  /** Roles that are put together of others follow some moments later. */
  private static void awaitAnswer(
      ClusterStage stage, KubeTool kubectl, String answer, String question) {
    String[] words = question.split(" ", -1);
    stage.await(
        "answer " + answer + " to: may it " + question,
        LIMIT,
        () ->
            kubectl
                .tryRun("auth", "can-i", words[0], words[1] + ".shunt.dev", "-n", "mesh")
                .out()
                .strip()
                .startsWith(answer));
  }
}
