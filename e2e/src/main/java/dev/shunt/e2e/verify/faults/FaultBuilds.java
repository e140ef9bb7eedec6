package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.verify.behaviour.NextVersion;
import dev.shunt.e2e.verify.behaviour.PeerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** What faults need compiled; versions of the node when one asks for them first. One thread. */
final class FaultBuilds {
  private final Path directory;
  private final PeerProgram peers;
  private final Map<String, ShuntProgram> versions = new HashMap<>();

  /**
   * Builds the peers.
   *
   * @param directory keeps all that is built; the caller removes it
   */
  FaultBuilds(Path directory) {
    this.directory = directory;
    peers = PeerProgram.build(directory);
  }

  PeerProgram peers() {
    return peers;
  }

  /** The next version, with the same layout. */
  ShuntProgram sameLayout() {
    return version("same", NextVersion::sameLayout);
  }

  /** The next version, with another layout. */
  ShuntProgram otherLayout() {
    return version("other", NextVersion::otherLayout);
  }

  /** A next version that the verifier refuses. */
  ShuntProgram refused() {
    return version("refused", NextVersion::refused);
  }

  private ShuntProgram version(String name, Function<Path, ShuntProgram> compile) {
    ShuntProgram known = versions.get(name);
    if (known != null) {
      return known;
    }
    try {
      ShuntProgram made = compile.apply(Files.createDirectory(directory.resolve(name)));
      versions.put(name, made);
      return made;
    } catch (IOException e) {
      throw new SceneException("create a folder for version " + name + " failed: " + e, e);
    }
  }
}
