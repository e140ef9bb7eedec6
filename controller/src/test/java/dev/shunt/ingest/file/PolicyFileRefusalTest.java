package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field and every bound of a policy file, one row each. */
class PolicyFileRefusalTest {
  private static final String HEAD =
      "apiVersion: shunt.dev/v1alpha1\nkind: Acceleration\nmetadata: {name: web}\n";
  private static final String IN = " in Acceleration default/web";
  private static final String PORTS = "(expected: 1..65535 or a range a-b)";
  private static final String PATH = "(expected: an absolute path without '.', '..' and '//')";
  private static final String BOOL = "(expected: true or false)";

  @TempDir Path directory;

  @ParameterizedTest
  @MethodSource({"badSpecs", "badSelectors", "badLists"})
  void read_badSpec_saysLineFieldAndBound(String spec, String expected) throws Exception {
    assertThat(fault(HEAD + "spec:\n  " + spec + "\n")).isEqualTo(file() + ":5: " + expected + IN);
  }

  static Stream<Arguments> badSpecs() {
    String turns = "(expected: 1..1000)";
    String priority = "(expected: -1000000..1000000)";
    return Stream.of(
        Arguments.of("mode: fast", "spec.mode: fast (expected: off, observe, accelerate)"),
        Arguments.of("mode: [off]", "spec.mode: a list (expected: off, observe, accelerate)"),
        Arguments.of("mode: Off", "spec.mode: Off (expected: off, observe, accelerate)"),
        Arguments.of("podSelector: {}", "spec.podSelector: needs Kubernetes; use hostSelector"),
        Arguments.of(
            "colour: red",
            "spec.colour: unknown field (expected: hostSelector, mode, ports, paths,"
                + " exemptExecutables, forceExecutables, probation, priority)"),
        Arguments.of("{mode: off, mode: off}", "spec.mode: given twice (expected: once)"),
        Arguments.of("{[a]: 1}", "spec: a key that is no text (expected: field names)"),
        Arguments.of("paths: true", "spec.paths: true (expected: a mapping)"),
        Arguments.of("paths: {samePod: 1}", "spec.paths.samePod: 1 " + BOOL),
        Arguments.of("paths: {sameNode: yes}", "spec.paths.sameNode: yes " + BOOL),
        Arguments.of("paths: {sameNode: 'true'}", "spec.paths.sameNode: true " + BOOL),
        Arguments.of("paths: {sameNode: []}", "spec.paths.sameNode: a list " + BOOL),
        Arguments.of(
            "paths: {same: true}", "spec.paths.same: unknown field (expected: samePod, sameNode)"),
        Arguments.of("probation: 1", "spec.probation: 1 (expected: a mapping)"),
        Arguments.of("probation: {minTurns: 0}", "spec.probation.minTurns: 0 " + turns),
        Arguments.of("probation: {minTurns: 1001}", "spec.probation.minTurns: 1001 " + turns),
        Arguments.of("probation: {minTurns: 1.5}", "spec.probation.minTurns: 1.5 " + turns),
        Arguments.of("probation: {minTurns: '3'}", "spec.probation.minTurns: 3 " + turns),
        Arguments.of("probation: {minTurns: 0x10}", "spec.probation.minTurns: 0x10 " + turns),
        Arguments.of(
            "probation: {turns: 1}", "spec.probation.turns: unknown field (expected: minTurns)"),
        Arguments.of("priority: 1000001", "spec.priority: 1000001 " + priority),
        Arguments.of("priority: -1000001", "spec.priority: -1000001 " + priority),
        Arguments.of("priority: high", "spec.priority: high " + priority),
        Arguments.of("priority: 99999999999999", "spec.priority: 99999999999999 " + priority));
  }

  static Stream<Arguments> badSelectors() {
    String namespace = "(expected: a name under /run/netns, host or '*')";
    String cgroup =
        "(expected: a path below the cgroup v2 root, such as /system.slice/web.service)";
    return Stream.of(
        Arguments.of("hostSelector: x", "spec.hostSelector: x (expected: a mapping)"),
        Arguments.of(
            "hostSelector: {pid: 1}",
            "spec.hostSelector.pid: unknown field (expected: cgroupPath, networkNamespace,"
                + " executable, outboundIntercepted, outboundTranslated)"),
        Arguments.of(
            "hostSelector: {networkNamespace: a/b}",
            "spec.hostSelector.networkNamespace: a/b " + namespace),
        Arguments.of(
            "hostSelector: {networkNamespace: ..}",
            "spec.hostSelector.networkNamespace: .. " + namespace),
        Arguments.of(
            "hostSelector: {networkNamespace: ''}",
            "spec.hostSelector.networkNamespace: '' " + namespace),
        Arguments.of(
            "hostSelector: {networkNamespace: 7}",
            "spec.hostSelector.networkNamespace: 7 (expected: text; put it in quotes)"),
        Arguments.of(
            "hostSelector: {networkNamespace: [a]}",
            "spec.hostSelector.networkNamespace: a list (expected: text)"),
        Arguments.of("hostSelector: {cgroupPath: /}", "spec.hostSelector.cgroupPath: / " + cgroup),
        Arguments.of(
            "hostSelector: {cgroupPath: /a/../b}",
            "spec.hostSelector.cgroupPath: /a/../b " + cgroup),
        Arguments.of(
            "hostSelector: {cgroupPath: a//b}", "spec.hostSelector.cgroupPath: a//b " + cgroup),
        Arguments.of(
            "hostSelector: {executable: envoy}", "spec.hostSelector.executable: envoy " + PATH),
        Arguments.of(
            "hostSelector: {executable: /a/./b}", "spec.hostSelector.executable: /a/./b " + PATH),
        Arguments.of(
            "hostSelector: {executable: \"/a\\nb\"}", "spec.hostSelector.executable: /a?b " + PATH),
        Arguments.of(
            "hostSelector: {outboundIntercepted: 1}",
            "spec.hostSelector.outboundIntercepted: 1 " + BOOL),
        Arguments.of(
            "hostSelector: {outboundIntercepted: true}",
            "spec.hostSelector.outboundIntercepted: true (expected: only together with"
                + " networkNamespace)"),
        Arguments.of(
            "hostSelector: {outboundTranslated: true}",
            "spec.hostSelector.outboundTranslated: true (expected: only together with"
                + " networkNamespace)"));
  }

  static Stream<Arguments> badLists() {
    String ports = "[" + "1,".repeat(17) + "]";
    String paths = "[" + "/a,".repeat(65) + "]";
    return Stream.of(
        Arguments.of("ports: 80", "spec.ports: 80 (expected: a mapping)"),
        Arguments.of(
            "ports: {only: [1]}", "spec.ports.only: unknown field (expected: include, exclude)"),
        Arguments.of("ports: {include: 80}", "spec.ports.include: 80 (expected: a list)"),
        Arguments.of("ports: {include: [70000]}", "spec.ports.include[0]: 70000 " + PORTS),
        Arguments.of("ports: {include: [1, 0]}", "spec.ports.include[1]: 0 " + PORTS),
        Arguments.of("ports: {exclude: [-1]}", "spec.ports.exclude[0]: -1 " + PORTS),
        Arguments.of("ports: {exclude: [9-8]}", "spec.ports.exclude[0]: 9-8 " + PORTS),
        Arguments.of("ports: {exclude: [1-65536]}", "spec.ports.exclude[0]: 1-65536 " + PORTS),
        Arguments.of("ports: {exclude: [1-]}", "spec.ports.exclude[0]: 1- " + PORTS),
        Arguments.of("ports: {exclude: [http]}", "spec.ports.exclude[0]: http " + PORTS),
        Arguments.of("ports: {exclude: [~]}", "spec.ports.exclude[0]: missing " + PORTS),
        Arguments.of("ports: {exclude: [{}]}", "spec.ports.exclude[0]: a mapping " + PORTS),
        Arguments.of(
            "ports: {include: " + ports + "}",
            "spec.ports.include: 17 entries (expected: at most 16)"),
        Arguments.of(
            "ports: {exclude: " + ports + "}",
            "spec.ports.exclude: 17 entries (expected: at most 16)"),
        Arguments.of("exemptExecutables: [a]", "spec.exemptExecutables[0]: a " + PATH),
        Arguments.of("exemptExecutables: /a", "spec.exemptExecutables: /a (expected: a list)"),
        Arguments.of("forceExecutables: [/a/]", "spec.forceExecutables[0]: /a/ " + PATH),
        Arguments.of(
            "exemptExecutables: " + paths,
            "spec.exemptExecutables: 65 entries (expected: at most 64)"),
        Arguments.of(
            "{exemptExecutables: [/a], forceExecutables: [/b, /a]}",
            "spec.forceExecutables[1]: /a (expected: a path that spec.exemptExecutables does not"
                + " have)"));
  }

  @ParameterizedTest
  @MethodSource
  void read_badDocument_saysLineFieldAndBound(String text, String expected) throws Exception {
    assertThat(fault(text)).isEqualTo(file() + ":" + expected);
  }

  static Stream<Arguments> read_badDocument_saysLineFieldAndBound() {
    String name = "(expected: lower case letters, digits, '-' and '.', at most 253)";
    String namespace = "(expected: lower case letters, digits and '-', at most 63)";
    String kinds =
        "(expected: Acceleration, ClusterAcceleration, TrafficFilter, ClusterTrafficFilter,"
            + " ConnectPolicy, ClusterConnectPolicy, Telemetry, ClusterTelemetry)";
    String cluster = HEAD.replace("kind: Acc", "kind: ClusterAcc");
    return Stream.of(
        Arguments.of("[]", "1: document: a list (expected: a mapping)"),
        Arguments.of("text", "1: document: text (expected: a mapping)"),
        Arguments.of("{}", "1: apiVersion: missing (expected: shunt.dev/v1alpha1)"),
        Arguments.of(
            HEAD.replace("alpha1", "") + "spec: {}",
            "1: apiVersion: shunt.dev/v1 (expected: shunt.dev/v1alpha1)"),
        Arguments.of("apiVersion: shunt.dev/v1alpha1", "1: kind: missing " + kinds),
        Arguments.of(
            HEAD.replace("Acceleration", "NetworkPolicy"), "2: kind: NetworkPolicy " + kinds),
        Arguments.of(
            HEAD + "status: {}",
            "4: status: unknown field (expected: apiVersion, kind, metadata, spec)"),
        Arguments.of(
            HEAD.replaceAll("metadata.*\n", ""),
            "1: metadata: missing (expected: a mapping with a name)"),
        Arguments.of(HEAD.replace("name: web", ""), "3: metadata.name: missing " + name),
        Arguments.of(HEAD.replace("web", "Web"), "3: metadata.name: Web " + name),
        Arguments.of(HEAD.replace("web", "a..b"), "3: metadata.name: a..b " + name),
        Arguments.of(
            HEAD.replace("web", "7"), "3: metadata.name: 7 (expected: text; put it in quotes)"),
        Arguments.of(
            HEAD.replace("web", "web, namespace: a.b"), "3: metadata.namespace: a.b " + namespace),
        Arguments.of(
            cluster.replace("web", "web, namespace: a"),
            "3: metadata.namespace: a (expected: none in a ClusterAcceleration)"),
        Arguments.of(
            HEAD.replace("web", "web, uid: a"),
            "3: metadata.uid: unknown field (expected: name, namespace, labels, annotations,"
                + " creationTimestamp)"),
        Arguments.of(
            HEAD.replace("web", "web, labels: {a: 1}"),
            "3: metadata.labels.a: 1 (expected: text; put it in quotes)" + IN),
        Arguments.of(
            HEAD.replace("web", "web, creationTimestamp: today"),
            "3: metadata.creationTimestamp: today (expected: a time such as"
                + " 2026-01-31T12:00:00Z)"
                + IN),
        Arguments.of(HEAD, "1: spec: missing (expected: a mapping)" + IN),
        Arguments.of(HEAD + "spec: []", "4: spec: a list (expected: a mapping)" + IN),
        Arguments.of(
            HEAD + "spec: {}\n---\n" + HEAD + "spec: {}",
            "6: metadata.name: Acceleration default/web (expected: a name used once; also at line"
                + " 1)"));
  }

  private Path file() {
    return directory.resolve("web.yaml");
  }

  private void write(String text) throws IOException {
    Files.writeString(file(), text);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
  }

  private String fault(String text) throws IOException {
    write(text);
    return faultOf(file());
  }

  private static String faultOf(Path file) {
    FieldFault fault =
        catchThrowableOfType(
            FieldFault.class, () -> PolicyFileReader.read(file, Surroundings.HOST));
    assertThat(fault).isNotNull();
    return fault.at(file.toString());
  }
}
