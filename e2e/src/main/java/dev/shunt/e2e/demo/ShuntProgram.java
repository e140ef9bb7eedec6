package dev.shunt.e2e.demo;

import dev.shunt.ShuntMain;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to run another sub-command of this very build: the same JVM, flags and class path. Immutable.
 */
public final class ShuntProgram {
  private final List<String> prefix;

  private ShuntProgram(List<String> prefix) {
    this.prefix = List.copyOf(prefix);
  }

  /** The program of this process. */
  public static ShuntProgram thisBuild() {
    List<String> prefix = new ArrayList<>();
    prefix.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (isInherited(flag)) {
        prefix.add(flag);
      }
    }
    prefix.add("-cp");
    prefix.add(System.getProperty("java.class.path"));
    prefix.add(ShuntMain.class.getName());
    return new ShuntProgram(prefix);
  }

  /** This program with the JVM settings that the launcher gives a node, if it started this one. */
  public ShuntProgram asNode() {
    return withSettings(settings("shunt.node.settings"));
  }

  /** This program with the JVM settings that the launcher gives a control plane. */
  public ShuntProgram asControlPlane() {
    return withSettings(settings("shunt.plane.settings"));
  }

  private static List<String> settings(String property) {
    String settings = System.getProperty(property, "");
    return settings.isEmpty() ? List.of() : List.of(settings.split(" ", -1));
  }

  /** This program with further settings of the JVM, which outrank those before. */
  public ShuntProgram withSettings(List<String> settings) {
    List<String> changed = new ArrayList<>(prefix);
    changed.addAll(changed.indexOf("-cp"), settings);
    return new ShuntProgram(changed);
  }

  /** This program as another one starts it, such as {@code env}. */
  public ShuntProgram behind(List<String> argv) {
    List<String> changed = new ArrayList<>(argv);
    changed.addAll(prefix);
    return new ShuntProgram(changed);
  }

  /** This program with a folder of classes and resources that outranks the build's own. */
  public ShuntProgram withResources(Path folder) {
    List<String> changed = new ArrayList<>(prefix);
    int classPath = changed.indexOf("-cp") + 1;
    changed.set(classPath, folder + ":" + changed.get(classPath));
    return new ShuntProgram(changed);
  }

  /** Agents and archive writers serve one JVM only. */
  static boolean isInherited(String flag) {
    return !flag.startsWith("-agent")
        && !flag.startsWith("-javaagent")
        && !flag.startsWith("-XX:ArchiveClassesAtExit");
  }

  /** The argument list that runs {@code shunt ARGUMENTS}. */
  public List<String> command(List<String> arguments) {
    List<String> argv = new ArrayList<>(prefix);
    argv.addAll(arguments);
    return argv;
  }
}
