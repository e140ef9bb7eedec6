package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.KubeTool;
import dev.shunt.e2e.scene.ResourceTree;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rights of the pre-delete hook: they exist only while it runs, so the chart itself is changed.
 * Stateless. Leaves nothing installed.
 */
final class UninstallRights {
  private static final Pattern RULE =
      Pattern.compile("  - apiGroups: .*\\R    resources: \\[(\\w+)]\\R(?:    .*\\R)+");

  private UninstallRights() {}

  static String missed(ClusterStage stage) {
    List<String> failures = new ArrayList<>();
    for (String resource : List.of("daemonsets", "pods")) {
      stage.helm().run("uninstall", "shunt", "-n", "shunt", "--no-hooks", "--wait");
      Path chart = stage.cluster().directory().path().resolve("chart-without-" + resource);
      ResourceTree.copy(ClusterStage.CHART, chart);
      remove(chart.resolve("templates/hooks/uninstall.yaml"), resource);
      ChartSteps.install(stage, chart, List.of("uninstall.timeoutSeconds=1"));
      KubeTool.Result result =
          stage.helm().tryRun("uninstall", "shunt", "-n", "shunt", "--wait", "--timeout", "2m");
      String said = new PodLogs(stage).of("uninstall");
      String refusal = "resource \"" + resource + "\"";
      if (result.exitCode() == 0 || !said.contains(refusal) || !said.contains("HTTP 403")) {
        throw new SceneException(
            "miss %s in the hook failed: exit %d, its pod says: %s"
                .formatted(resource, result.exitCode(), said.strip()));
      }
      failures.add(resource);
    }
    stage.helm().run("uninstall", "shunt", "-n", "shunt", "--no-hooks", "--wait");
    return "2 taken away, each is missed: " + String.join(", ", failures);
  }

  private static void remove(Path template, String resource) {
    try {
      String text = Files.readString(template);
      Matcher rules = RULE.matcher(text);
      while (rules.find()) {
        if (resource.equals(rules.group(1))) {
          String left = text.substring(0, rules.start()) + text.substring(rules.end());
          // a second try would find that the nodes have finished meanwhile
          Files.writeString(template, left.replace("backoffLimit: 1", "backoffLimit: 0"));
          return;
        }
      }
      throw new SceneException("remove the rule for " + resource + " failed: there is none");
    } catch (IOException e) {
      throw new SceneException("change " + template + " failed: " + e, e);
    }
  }
}
