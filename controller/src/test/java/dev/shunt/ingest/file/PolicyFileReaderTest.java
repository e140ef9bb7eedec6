package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shunt.desired.EndpointFlag;
import dev.shunt.desired.ExecutableRules;
import dev.shunt.desired.HostSelector;
import dev.shunt.desired.Interception;
import dev.shunt.desired.Mode;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicyKind;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.PolicySpec;
import dev.shunt.desired.PolicyTarget;
import dev.shunt.desired.PortRange;
import dev.shunt.desired.PortRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFileReaderTest {
  private static final String HEAD =
      "apiVersion: shunt.dev/v1alpha1\nkind: Acceleration\nmetadata: {name: web}\n";

  @TempDir Path directory;

  @Test
  void read_everyField_kept() throws Exception {
    List<Policy> policies =
        read(
            """
            # A comment.
            ---
            apiVersion: shunt.dev/v1alpha1
            kind: Acceleration
            metadata:
              name: web
              namespace: shop
              labels: {team: a}
              annotations: {}
              creationTimestamp: 2026-01-31T12:00:00Z
            spec:
              hostSelector:
                networkNamespace: pod-a
                cgroupPath: system.slice/web.service
                executable: /usr/bin/envoy
                outboundIntercepted: true
              mode: observe
              ports:
                include: [8080, "9000-9100"]
                exclude: [9001]
              paths: {samePod: false, sameNode: true}
              exemptExecutables: [/usr/bin/a]
              forceExecutables: [/usr/bin/b]
              probation: {minTurns: 1000}
              priority: -5
            """);

    HostSelector selector =
        new HostSelector(
            Optional.of("pod-a"),
            Optional.of("/system.slice/web.service"),
            Optional.of("/usr/bin/envoy"));
    PolicySpec spec =
        new PolicySpec(
            Mode.OBSERVE,
            Set.of(EndpointFlag.SAME_NODE),
            new PortRules(
                List.of(new PortRange(8080, 8080), new PortRange(9000, 9100)),
                List.of(new PortRange(9001, 9001))),
            new ExecutableRules(List.of("/usr/bin/a"), List.of("/usr/bin/b")),
            1000);
    assertThat(policies)
        .containsExactly(
            new Policy(
                new PolicyName(PolicyKind.ACCELERATION, "shop", "web"),
                new PolicyTarget(selector, Interception.OUTBOUND),
                spec,
                -5,
                new PolicyOrigin(Instant.parse("2026-01-31T12:00:00Z"), file().toString(), 3)));
  }

  @Test
  void read_emptySpec_defaults() throws Exception {
    Policy policy = read(HEAD + "spec: {}\n").get(0);

    assertThat(policy.target()).isEqualTo(PolicyTarget.EVERYTHING);
    assertThat(policy.spec())
        .isEqualTo(
            new PolicySpec(
                Mode.ACCELERATE,
                Set.of(EndpointFlag.SAME_POD),
                PortRules.ALL,
                ExecutableRules.NONE,
                PolicySpec.MIN_TURNS_DEFAULT));
    assertThat(policy.priority()).isZero();
    assertThat(policy.origin().createdAt()).isEqualTo(Instant.MAX);
  }

  @Test
  void read_fieldsWithoutValue_defaults() throws Exception {
    assertThat(read(HEAD + "spec:\n  mode:\n  ports:\n    include:\n  hostSelector: ~\n"))
        .extracting(Policy::spec)
        .isEqualTo(List.of(read(HEAD + "spec: {}\n").get(0).spec()));
  }

  @Test
  void read_modeOffWithoutQuotes_isTheMode() throws Exception {
    assertThat(read(HEAD + "spec: {mode: off}").get(0).spec().mode()).isEqualTo(Mode.OFF);
    assertThat(read(HEAD + "spec: {mode: 'off'}").get(0).spec().mode()).isEqualTo(Mode.OFF);
  }

  @Test
  void read_anyNamespace_selectsEverything() throws Exception {
    Policy policy =
        read(HEAD + "spec: {hostSelector: {networkNamespace: '*', outboundIntercepted: true}}")
            .get(0);

    assertThat(policy.target())
        .isEqualTo(new PolicyTarget(HostSelector.EVERYTHING, Interception.OUTBOUND));
  }

  @ParameterizedTest
  @CsvSource({"false, false, NONE", "true, false, OUTBOUND", "false, true, TRANSLATED"})
  void read_whereConnectionsMayEnd_isTheOneThatAllowsMost(
      String intercepted, String translated, Interception expected) throws Exception {
    String selector =
        "{networkNamespace: a, outboundIntercepted: %s, outboundTranslated: %s}"
            .formatted(intercepted, translated);

    Policy policy = read(HEAD + "spec: {hostSelector: " + selector + "}").get(0);

    assertThat(policy.target().interception()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n---\n", "~\n"})
  void read_noDocument_noPolicy(String text) throws Exception {
    assertThat(read(text)).isEmpty();
  }

  @Test
  void read_severalDocuments_allRead() throws Exception {
    String cluster =
        "---\n" + HEAD.replace("kind: Acc", "kind: ClusterAcc") + "spec: {}\n---\n" + HEAD;

    assertThat(read(cluster + "spec: {}\n"))
        .extracting(policy -> policy.name().toString())
        .containsExactly("ClusterAcceleration web", "Acceleration default/web");
  }

  @Test
  void read_longName_refusedAboveTheBound() throws Exception {
    String longest = ("a".repeat(63) + ".").repeat(3) + "b".repeat(61);

    assertThat(read(HEAD.replace("web", longest) + "spec: {}")).hasSize(1);
    assertThat(fault(HEAD.replace("web", longest + "b") + "spec: {}"))
        .contains("metadata.name: aaa", "... (expected: ", "at most 253)");
  }

  @Test
  void read_notYaml_saysLine() throws Exception {
    assertThat(fault("a: 1\nb: [\n")).startsWith(file() + ":3: not valid YAML: ");
    assertThat(fault("a: &x 1\nb: *y\n")).startsWith(file() + ":2: not valid YAML: ");
    assertThat(fault("[".repeat(40))).startsWith(file() + ": not valid YAML: Nesting Depth");
  }

  @Test
  void read_notUtf8_refused() throws Exception {
    Files.write(file(), new byte[] {'a', (byte) 0xff});

    assertThat(faultOf(file())).isEqualTo(file() + ": not valid YAML: not UTF-8");
  }

  @Test
  void read_tooLarge_refused() throws Exception {
    String comment = "#".repeat(PolicyFileReader.BYTES_MAX);

    assertThat(read(comment)).isEmpty();
    assertThat(fault(comment + "#"))
        .isEqualTo(file() + ": size: more than 1 MiB (expected: at most 1 MiB)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-"})
  void read_writableByOthers_refused(String permissions) throws Exception {
    Files.writeString(file(), HEAD + "spec: {}");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));

    assertThat(faultOf(file()))
        .matches(
            ".*/web.yaml: permissions: 06[46][46] \\(expected: not writable by group and others;"
                + " chmod go-w\\)");
  }

  @Test
  void read_directory_refused() throws Exception {
    Files.createDirectory(file());

    assertThat(faultOf(file()))
        .isEqualTo(file() + ": type: not a regular file (expected: a regular file)");
  }

  @Test
  void read_danglingLink_refused() throws Exception {
    Files.createSymbolicLink(file(), directory.resolve("gone"));

    assertThat(faultOf(file())).isEqualTo(file() + ": read failed: no such file (ENOENT/2)");
  }

  private Path file() {
    return directory.resolve("web.yaml");
  }

  private List<Policy> read(String text) throws IOException, FieldFault {
    write(text);
    return PolicyFileReader.read(file(), Surroundings.HOST).stream()
        .map(Policy.class::cast)
        .toList();
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
