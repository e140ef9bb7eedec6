package dev.shunt.e2e.scene;

import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one run, unique on the host; every namespace, cgroup, pin and directory of the run
 * begins with it. It carries the id of the process that owns the run, by which {@link SceneSweep}
 * tells a leftover from a run in progress. Immutable.
 */
public final class SceneName {
  private static final Pattern FORM = Pattern.compile("shunt-[a-z]+-(\\d{1,10})-[0-9a-f]{6}(-.*)?");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private SceneName(String text) {
    this.text = text;
  }

  /**
   * A fresh name.
   *
   * @param kind what runs, lower-case letters, e.g. {@code demo}
   */
  public static SceneName fresh(String kind) {
    if (!kind.matches("[a-z]+")) {
      throw new IllegalArgumentException("kind: " + kind + " (expected: lower-case letters)");
    }
    long pid = ProcessHandle.current().pid();
    return new SceneName(String.format("shunt-%s-%d-%06x", kind, pid, RANDOM.nextInt(0x1000000)));
  }

  /** Whether {@code name} belongs to a run whose process has ended. */
  static boolean isLeftover(String name) {
    Matcher form = FORM.matcher(name);
    return form.matches() && !SceneProcess.isRunning(Long.parseLong(form.group(1)));
  }

  /** Whether {@code name} belongs to a run of this process. */
  static boolean isOwn(String name) {
    Matcher form = FORM.matcher(name);
    return form.matches() && Long.parseLong(form.group(1)) == ProcessHandle.current().pid();
  }

  @Override
  public String toString() {
    return text;
  }
}
