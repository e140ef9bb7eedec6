package dev.shunt.e2e.verify.programs;

import dev.shunt.e2e.scene.SceneUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the programs are. Any thread; no state. */
final class Programs {
  private static final String SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin";
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql");
  private static final String REMEDY = " failed: not installed; run: ./shunt verify behaviour";

  private Programs() {}

  /**
   * The path of a program; the distribution's before another on the PATH, because a user's own may
   * be a wrapper that other users cannot read.
   *
   * @throws SceneUnavailableException when it is not installed
   */
  static String path(String name) {
    return find(name).orElseThrow(() -> new SceneUnavailableException("find " + name + REMEDY));
  }

  static Optional<String> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    String searched = name.equals("go") ? path + ":" + SYSTEM : SYSTEM + ":" + path;
    return Arrays.stream(searched.split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /**
   * One of PostgreSQL's programs, of the newest version installed.
   *
   * @throws SceneUnavailableException when there is none
   */
  static String postgres(String name) {
    return versions().stream()
        .map(version -> version.resolve("bin").resolve(name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(() -> new SceneUnavailableException("find PostgreSQL's " + name + REMEDY));
  }

  private static List<Path> versions() {
    try (Stream<Path> found = Files.list(POSTGRES)) {
      return found.sorted(Comparator.comparing(Programs::number).reversed()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static int number(Path version) {
    String digits = version.getFileName().toString().replaceAll("\\D.*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }
}
