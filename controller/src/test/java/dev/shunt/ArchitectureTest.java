package dev.shunt;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * Holds the direction of the packages: down {@code ingest -> desired -> reconcile -> datapath}, up
 * {@code datapath -> observe -> publish}.
 */
class ArchitectureTest {
  private static final String API = "dev.shunt.v1..";
  private static final String[] GRPC = {"io.grpc..", "com.google.protobuf..", API};
  private static final String[] KUBERNETES = {"io.kubernetes.."};
  private static final String[] JNR = {"jnr..", "com.kenai.."};

  private static final JavaClasses SHUNT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.shunt");

  @Test
  void import_controllerClasses_found() {
    assertThat(SHUNT.contain(ShuntMain.class)).isTrue();
  }

  @Test
  void desired_dependsOnNothingButJavaAndJspecify() {
    hold(
        classes()
            .that()
            .resideInAPackage("dev.shunt.desired..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.shunt.desired..", "java..", "org.jspecify.."));
  }

  @Test
  void observe_isPure() {
    forbid("dev.shunt.observe..", GRPC);
    forbid("dev.shunt.observe..", JNR);
    forbid("dev.shunt.observe..", KUBERNETES);
    forbid(
        "dev.shunt.observe..",
        "dev.shunt.ingest..",
        "dev.shunt.publish..",
        "dev.shunt.reconcile..",
        "dev.shunt.datapath.libbpf..",
        "dev.shunt.agent..",
        "dev.shunt.cli..");
  }

  @Test
  void reconcile_knowsNeitherTransportNorNativeCode() {
    forbid("dev.shunt.reconcile..", GRPC);
    forbid("dev.shunt.reconcile..", KUBERNETES);
    forbid("dev.shunt.reconcile..", JNR);
    forbid("dev.shunt.reconcile..", "dev.shunt.datapath.libbpf..");
    forbid(
        "dev.shunt.reconcile..",
        "dev.shunt.ingest..",
        "dev.shunt.observe..",
        "dev.shunt.publish..",
        "dev.shunt.agent..",
        "dev.shunt.cli..");
  }

  @Test
  void jnr_onlyInLibbpf() {
    hold(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.shunt.datapath.libbpf..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JNR));
  }

  @Test
  void kubernetesClient_onlyInKubernetesIngestAndTheEdgesOfCluster() {
    hold(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "dev.shunt.ingest.kubernetes..",
                "dev.shunt.cluster", // wiring
                "dev.shunt.cluster.watch..",
                "dev.shunt.cluster.status..",
                "dev.shunt.cluster.identity..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(KUBERNETES));
  }

  @Test
  void datapath_knowsNothingAboveIt() {
    forbid("dev.shunt.datapath..", GRPC);
    forbid("dev.shunt.datapath..", KUBERNETES);
    forbid(
        "dev.shunt.datapath..",
        "dev.shunt.ingest..",
        "dev.shunt.reconcile..",
        "dev.shunt.observe..",
        "dev.shunt.publish..",
        "dev.shunt.agent..",
        "dev.shunt.cli..");
  }

  @Test
  void ingest_feedsDesiredOnly() {
    forbid(
        "dev.shunt.ingest..",
        "dev.shunt.reconcile..",
        "dev.shunt.datapath..",
        "dev.shunt.observe..",
        "dev.shunt.publish..",
        "dev.shunt.agent..",
        "dev.shunt.cli..");
    forbid("dev.shunt.ingest.file..", GRPC);
  }

  @Test
  void publish_knowsObserveOnly() {
    forbid(
        "dev.shunt.publish..",
        "dev.shunt.ingest..",
        "dev.shunt.desired..",
        "dev.shunt.reconcile..",
        "dev.shunt.datapath..",
        "dev.shunt.agent..",
        "dev.shunt.cli..");
  }

  @Test
  void cli_talksToTheNodeThroughStubsOnly() {
    forbid(
        "dev.shunt.cli..",
        "dev.shunt.ingest..",
        "dev.shunt.desired..",
        "dev.shunt.reconcile..",
        "dev.shunt.datapath..",
        "dev.shunt.observe..",
        "dev.shunt.publish..");
  }

  @Test
  void agent_isKnownToTheCommandLineOnly() {
    hold(
        noClasses()
            .that()
            .resideOutsideOfPackages("dev.shunt.agent..", "dev.shunt.cli..", "dev.shunt")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.shunt.agent.."));
  }

  @Test
  void compile_isPure() {
    hold(
        classes()
            .that()
            .resideInAPackage("dev.shunt.cluster.compile..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "dev.shunt.cluster.compile..", "dev.shunt.desired..", "java..", "org.jspecify.."));
  }

  @Test
  void cluster_knowsNoDataPath() {
    forbid(
        "dev.shunt.cluster..",
        "dev.shunt.datapath..",
        "dev.shunt.reconcile..",
        "dev.shunt.agent..",
        "dev.shunt.observe..",
        "dev.shunt.publish..");
    forbid("dev.shunt.ingest..", "dev.shunt.cluster..");
    forbid("dev.shunt.cluster.distribute..", "dev.shunt.ingest..", "dev.shunt.cluster.status..");
  }

  /** NullAway looks only at marked packages: a forgotten mark would go unseen. */
  @Test
  void package_withClasses_isNullMarked() {
    List<String> unmarked =
        SHUNT.stream()
            .map(JavaClass::getPackage)
            .filter(unit -> !unit.getName().startsWith("dev.shunt.v1"))
            .filter(unit -> !unit.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .distinct()
            .toList();

    assertThat(unmarked).isEmpty();
  }

  @Test
  void class_name_saysWhatItIs() {
    hold(
        noClasses()
            .that()
            .resideOutsideOfPackage(API)
            .should()
            .haveNameMatching(".*(Manager|Helper|Util|Utils|Data|Info)"));
  }

  private static void forbid(String from, String... targets) {
    hold(
        noClasses()
            .that()
            .resideInAPackage(from)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(targets));
  }

  /** A package that does not exist yet breaks no rule. */
  private static void hold(ArchRule rule) {
    rule.allowEmptyShould(true).check(SHUNT);
  }
}
