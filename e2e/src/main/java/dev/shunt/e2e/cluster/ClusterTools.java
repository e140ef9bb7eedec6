package dev.shunt.e2e.cluster;

import dev.shunt.e2e.scene.SceneUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * helm and kubectl, which the launcher fetches for the commands that need them. Immutable.
 *
 * @param kubectl the program
 * @param helm the program
 */
public record ClusterTools(Path kubectl, Path helm) {
  /** Version of the package that has them; the launcher has the same. */
  static final String VERSION = "2.2.2";

  /** Where the launcher puts them for root. */
  private static final Path FOLDER = Path.of("/var/cache/shunt/kubernetes-tools-" + VERSION);

  /**
   * The programs.
   *
   * @throws SceneUnavailableException when they are not there
   */
  public static ClusterTools find() {
    ClusterTools tools = new ClusterTools(FOLDER.resolve("kubectl"), FOLDER.resolve("helm"));
    if (!Files.isExecutable(tools.kubectl()) || !Files.isExecutable(tools.helm())) {
      throw new SceneUnavailableException(
          "find helm and kubectl failed: not in "
              + FOLDER
              + "; run: ./shunt verify cluster, which fetches them");
    }
    return tools;
  }
}
