package dev.shunt.e2e.verify.kernels;

import dev.shunt.ShuntMain;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The settings file of {@code matrix.sh}: where things are, and how to run this very build. Pure.
 *
 * @param name of network namespaces and pins, at most ten characters
 * @param home for files of the run
 * @param cgroup to make and to remove
 * @param programs folder of the loader, the peers, the objects and the list of cases
 * @param ip the {@code ip} of iproute2
 * @param metricsPort of the node
 */
record RunSettings(String name, Path home, Path cgroup, Path programs, Path ip, int metricsPort) {

  /** The objects of this build whose programs are loaded one by one. */
  static final List<String> OBJECTS =
      List.of(
          "sockmap.bpf.o",
          "tap.bpf.o",
          "xdp.bpf.o",
          "tc.bpf.o",
          "trace/connect.bpf.o",
          "trace/states.bpf.o",
          "trace/rtt.bpf.o",
          "trace/fastopen.bpf.o",
          "trace/profile.bpf.o",
          "trace/http.bpf.o",
          "trace/jvm.bpf.o",
          "trace/tls.bpf.o");

  /** The file beside the loader that holds an object. */
  static String fileOf(String object) {
    return object.replace('/', '-');
  }

  private String objects() {
    return OBJECTS.stream()
        .map(object -> programs.resolve(fileOf(object)).toString())
        .collect(Collectors.joining(" "));
  }

  String text() {
    return String.join(
        "\n",
        "NAME=" + name,
        "HOME_DIR=" + home,
        "CGROUP=" + cgroup,
        "SHUNT='" + String.join(" ", shunt()) + "'",
        "PEERS=" + programs.resolve("shunt-peers"),
        "TRY=" + programs.resolve("try-connect"),
        "LOADER=" + programs.resolve("shunt-load"),
        "OBJECTS='" + objects() + "'",
        "CASES=" + programs.resolve("cases"),
        "METRICS_PORT=" + metricsPort,
        "IP=" + ip,
        "");
  }

  /** The JVM, as this one was started where that matters for its speed. */
  private static List<String> shunt() {
    List<String> argv = new ArrayList<>();
    argv.add(java().toString());
    argv.addAll(
        List.of(
            "-Xshare:auto",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xmx96m"));
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("-XX:SharedArchiveFile=")) {
        argv.add(flag);
      }
    }
    argv.addAll(List.of("-cp", classPath(), ShuntMain.class.getName()));
    return argv;
  }

  /** The JDK's {@code java}. */
  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Tests run with a class path that only their runner knows. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Every file that the build and its start need: the class path and the class archive. */
  static List<String> buildFiles() {
    List<String> files = new ArrayList<>();
    for (String entry : classPath().split(":", -1)) {
      if (!entry.isEmpty() && Path.of(entry).toFile().exists()) {
        files.add(entry);
      }
    }
    String option = "-XX:SharedArchiveFile=";
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith(option)) {
        files.add(flag.substring(option.length()));
      }
    }
    return files;
  }
}
