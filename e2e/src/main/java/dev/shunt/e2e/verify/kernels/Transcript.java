package dev.shunt.e2e.verify.kernels;

import dev.shunt.e2e.scene.SceneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the tab-separated lines of {@code matrix.sh}. One thread; read once, then drop.
 *
 * <p>A line that is no report is skipped: the serial port may hold a message of the kernel. What is
 * missing at the end is a problem of the row, and so is a report that cannot be read.
 */
final class Transcript {
  private static final String EPERM = "1";
  private static final String LSM = "lsm/socket_connect";

  private String release = "";
  private boolean ended;
  private int deniedTries;
  private final List<ProgramRow> programs = new ArrayList<>();
  private final Map<String, String> rungs = new TreeMap<>();
  private final List<KernelRow.Check> checks = new ArrayList<>();
  private final List<CaseRow> cases = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private Transcript() {}

  /**
   * The row that the lines tell.
   *
   * @param wanted the release that should have run; empty for whichever does
   */
  static KernelRow row(List<String> lines, KernelRow.Place place, String wanted) {
    Transcript transcript = new Transcript();
    for (String line : lines) {
      String[] fields = line.replace("\r", "").split("\t", -1);
      try {
        transcript.read(fields);
      } catch (SceneException broken) { // the other lines, and the other kernels, tell more
        transcript.problems.add(fields[0] + ": " + broken.getMessage());
      }
    }
    return transcript.finish(place, wanted);
  }

  private void read(String[] fields) {
    switch (fields[0] + fields.length) {
      case "kernel2" -> release = fields[1];
      case "program4" -> programs.add(new ProgramRow(fields[1], number(fields[3]), ""));
      case "program5" -> programs.add(new ProgramRow(fields[1], 0, fields[3] + ": " + fields[4]));
      case "status2" -> readStatus(fields[1]);
      case "rule5" -> readTry(fields);
      case "trace4" -> readTrace(fields);
      case "hits2" -> readHits(number(fields[1]));
      case "case7" -> readCase(fields);
      case "failed2" -> problems.add(fields[1]);
      case "end2" -> ended = true;
      default -> {
        // a note of the guest, or a line of its kernel
      }
    }
  }

  private KernelRow finish(KernelRow.Place place, String wanted) {
    if (!ended) {
      problems.add("the run was cut short: the kernel stopped, or ran out of time");
    }
    if (!wanted.isEmpty() && !wanted.equals(release)) {
      problems.add("kernel " + release + " ran (expected: " + wanted + ")");
    }
    // guests boot with bpf in their list of LSMs
    if (!rungs.isEmpty()
        && place == KernelRow.Place.GUEST
        && !LSM.equals(rungs.get("lsm_connect"))) {
      problems.add("connect rules: no LSM hook: " + rungs.get("lsm_connect"));
    }
    String name = release.isEmpty() ? wanted : release;
    return new KernelRow(name, place, 0, programs, rungs, checks, cases, problems);
  }

  /** A try of a connect rule: denied means EPERM, and nothing else does. */
  private void readTry(String[] fields) {
    boolean denied = fields[4].equals(EPERM);
    deniedTries += denied ? 1 : 0;
    if (fields[4].isEmpty() || denied != fields[3].equals("denied")) {
      problems.add(
          "connect rule: %s to %s ended with errno '%s' (expected: %s)"
              .formatted(fields[1], fields[2], fields[4], fields[3]));
    }
  }

  /** A telemetry module: the hook that it took, and how many rows it told of known traffic. */
  private void readTrace(String[] fields) {
    rungs.put("trace " + fields[1], fields[2].isEmpty() ? "none" : fields[2]);
    if (number(fields[3]) == 0) {
      problems.add("trace %s at '%s' told nothing of the traffic".formatted(fields[1], fields[2]));
    }
  }

  /** Each attempt counts once, whichever hooks see it. */
  private void readHits(long hits) {
    if (hits != deniedTries || hits == 0) {
      problems.add("connect rule: %d hits (expected: %d)".formatted(hits, deniedTries));
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException wrong) {
      throw new SceneException("read report failed: '" + text + "' is no number", wrong);
    }
  }

  private void readStatus(String json) {
    Map<?, ?> status = document(json);
    for (Map<?, ?> hook : objects(status.get("hooks"))) {
      String program = hook.get("program") + "";
      String rung =
          Boolean.TRUE.equals(hook.get("attached"))
              ? rung(hook.get("hook") + "")
              : hook.get("error") + "";
      rungs.merge(program, rung, (one, other) -> one.equals(other) ? one : one + "+" + other);
    }
    if (status.get("self_test") instanceof Map<?, ?> selfTest) {
      for (Map<?, ?> check : objects(selfTest.get("checks"))) {
        checks.add(check(check));
      }
    }
  }

  private static KernelRow.Check check(Map<?, ?> check) {
    return new KernelRow.Check(
        check.get("name") + "",
        Boolean.TRUE.equals(check.get("passed"))
            ? KernelRow.Check.Outcome.PASSED
            : KernelRow.Check.Outcome.FAILED,
        Boolean.FALSE.equals(check.get("required"))
            ? KernelRow.Check.Need.ADVISORY
            : KernelRow.Check.Need.REQUIRED,
        check.get("detail") + "");
  }

  /** The hook without its place: {@code clsact/ingress}, {@code cgroup/sock_ops}. */
  private static String rung(String hook) {
    String kind = hook.split(" ", 2)[0];
    return kind.equals("tracepoint") ? hook : kind;
  }

  private void readCase(String[] fields) {
    cases.add(
        new CaseRow(
            fields[1],
            fields[2],
            CaseRow.Expected.valueOf(fields[3].toUpperCase(Locale.ROOT)),
            number(fields[4]),
            differences(fields[5], fields[6])));
  }

  /** What the accelerated run showed that the plain one did not. */
  private static List<String> differences(String plain, String accelerated) {
    if (plain.isEmpty() || accelerated.isEmpty()) {
      return List.of((plain.isEmpty() ? "plain" : "accelerated") + " run: no document");
    }
    Map<?, ?> expected = document(plain);
    Map<?, ?> actual = document(accelerated);
    List<String> differences = new ArrayList<>();
    for (Map<?, ?> each : List.of(expected, actual)) {
      if (!Boolean.TRUE.equals(each.get("ok"))) {
        differences.add((each == expected ? "plain" : "accelerated") + ": " + each.get("detail"));
      }
    }
    Map<String, String> before = observations(expected);
    Map<String, String> after = observations(actual);
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      String one = before.getOrDefault(key, "absent");
      String other = after.getOrDefault(key, "absent");
      if (!one.equals(other)) {
        differences.add(key + ": " + one + " / " + other);
      }
    }
    return differences;
  }

  private static Map<String, String> observations(Map<?, ?> document) {
    Map<String, String> texts = new TreeMap<>();
    if (document.get("observations") instanceof Map<?, ?> map) {
      map.forEach((key, value) -> texts.put(key + "", value + ""));
    }
    return texts;
  }

  private static List<Map<?, ?>> objects(@Nullable Object value) {
    List<Map<?, ?>> objects = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> map) {
          objects.add(map);
        }
      }
    }
    return objects;
  }

  private static Map<?, ?> document(String json) {
    try {
      // every JSON document is a YAML document (YAML 1.2, section 1.3)
      if (new Yaml(new SafeConstructor(new LoaderOptions())).load(json) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (YAMLException wrong) {
      throw new SceneException("read report failed: " + wrong.getMessage(), wrong);
    }
    throw new SceneException("read report failed: no JSON object: '" + json + "'");
  }
}
