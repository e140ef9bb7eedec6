package dev.shunt.cli.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.preflight.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts made of files: a good one, and the same with one thing missing. */
class PreflightTest {
  @TempDir private Path root;

  @BeforeEach
  void makeGoodHost() throws IOException {
    file("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
    file("/sys/kernel/btf/vmlinux", "btf");
    file(
        "/boot/config-6.1.0-18-amd64",
        "CONFIG_BPF_SYSCALL=y\nCONFIG_CGROUP_BPF=y\nCONFIG_BPF_STREAM_PARSER=y\n");
    file(
        "/proc/self/mounts",
        """
        cgroup2 /sys/fs/cgroup cgroup2 rw 0 0
        bpf /sys/fs/bpf bpf rw 0 0
        tracefs /sys/kernel/tracing tracefs rw 0 0
        """);
    file("/proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n");
    file("/usr/lib/x86_64-linux-gnu/libbpf.so.1", "");
    file("/lib/modules/6.1.0-18-amd64/modules.dep", "kernel/net/sched/sch_ingress.ko:\n");
    file("/proc/sys/net/core/bpf_jit_enable", "1\n");
  }

  @Test
  void run_goodHost_allOk() {
    assertThat(run()).allMatch(finding -> finding.level() == Level.OK).hasSize(14);
  }

  @Test
  void kernel_older_fails() throws IOException {
    file("/proc/sys/kernel/osrelease", "5.10.0-28-amd64\n");

    Finding kernel = find("kernel");
    assertThat(kernel.level()).isEqualTo(Level.FAIL);
    assertThat(kernel.detail()).isEqualTo("5.10.0-28-amd64 (expected: 5.15 or later)");
    assertThat(kernel.remedy()).isEqualTo("run kernel 5.15 or later");
    assertThat(find("memlock").level()).isEqualTo(Level.FAIL);
  }

  @Test
  void btf_missing_fails() throws IOException {
    Files.delete(root.resolve("sys/kernel/btf/vmlinux"));

    assertThat(find("btf").level()).isEqualTo(Level.FAIL);
    assertThat(find("btf").detail()).contains("ENOENT/2");
    assertThat(find("btf").remedy()).contains("CONFIG_DEBUG_INFO_BTF=y");
  }

  @Test
  void mounts_missing_failOrWarnWithTheMountCommand() throws IOException {
    file("/proc/self/mounts", "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n");

    assertThat(find("cgroup v2").level()).isEqualTo(Level.FAIL);
    assertThat(find("cgroup v2").remedy()).startsWith("mount -t cgroup2");
    assertThat(find("bpffs").level()).isEqualTo(Level.FAIL);
    assertThat(find("bpffs").remedy()).isEqualTo("mount -t bpf bpf /sys/fs/bpf");
    assertThat(find("tracefs").level()).isEqualTo(Level.WARN);
  }

  @Test
  void capabilities_ordinaryUser_failAndNamesThem() throws IOException {
    file("/proc/self/status", "CapEff:\t0000000000001000\n");

    assertThat(find("capabilities").level()).isEqualTo(Level.FAIL);
    assertThat(find("capabilities").detail())
        .isEqualTo("missing: CAP_BPF, CAP_PERFMON, CAP_SYS_ADMIN");
  }

  @Test
  void libbpf_missingOrOverridden_saysWhichPackageOrFile() throws IOException {
    assertThat(findWithLibrary("/opt/libbpf.so").detail()).contains("/opt/libbpf.so");
    assertThat(findWithLibrary("/opt/libbpf.so").level()).isEqualTo(Level.FAIL);

    Files.delete(root.resolve("usr/lib/x86_64-linux-gnu/libbpf.so.1"));
    assertThat(find("libbpf").level()).isEqualTo(Level.FAIL);
    assertThat(find("libbpf").remedy()).contains("libbpf1");
  }

  @Test
  void trafficHook_neitherTcxNorClsact_fails() throws IOException {
    file("/lib/modules/6.1.0-18-amd64/modules.dep", "kernel/net/sched/sch_fq.ko:\n");
    assertThat(find("traffic hook").level()).isEqualTo(Level.FAIL);

    file("/proc/sys/kernel/osrelease", "6.6.0\n");
    assertThat(find("traffic hook").detail()).startsWith("tcx");
  }

  @Test
  void kernelOptions_streamParserOff_fails() throws IOException {
    file("/boot/config-6.1.0-18-amd64", "CONFIG_BPF_SYSCALL=y\nCONFIG_CGROUP_BPF=y\n");

    assertThat(find("kernel options").detail()).isEqualTo("not built in: CONFIG_BPF_STREAM_PARSER");
  }

  @Test
  void sockmapOwners_otherProcess_warnsButNotAboutShuntItself() throws IOException {
    openMap("41", "envoy\0-c\0x", "envoy", "18");
    openMap("42", "java\0-cp\0x\0dev.shunt.ShuntMain\0node", "java", "18");
    openMap("43", "cilium", "cilium", "1");

    Finding owners = find("sockmap owners");
    assertThat(owners.level()).isEqualTo(Level.WARN);
    assertThat(owners.detail()).isEqualTo("envoy (pid 41, SOCKHASH)");
  }

  @Test
  void hookOwners_otherProcess_isNamedWithItsHook() throws IOException {
    openMap("41", "cilium", "cilium-agent", "1");
    Path fd = root.resolve("proc/41/fd/6");
    Files.createSymbolicLink(fd, Path.of("anon_inode:bpf-prog"));
    file("/proc/41/fdinfo/6", "pos:\t0\nprog_type:\t18\nprog_id:\t7\n");

    Finding owners = find("hook owners");
    assertThat(owners.level()).isEqualTo(Level.OK);
    assertThat(owners.detail()).startsWith("cilium-agent (pid 41, connect)");
  }

  @Test
  void lockdownAndJit_unusual_areNamed() throws IOException {
    file("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
    file("/proc/sys/net/core/bpf_jit_enable", "0\n");

    assertThat(find("lockdown").level()).isEqualTo(Level.FAIL);
    assertThat(find("bpf jit").level()).isEqualTo(Level.WARN);
  }

  private void openMap(String process, String commandLine, String name, String type)
      throws IOException {
    file("/proc/" + process + "/cmdline", commandLine);
    file("/proc/" + process + "/comm", name + "\n");
    file("/proc/" + process + "/fdinfo/5", "pos:\t0\nmap_type:\t" + type + "\n");
    Path link = root.resolve("proc/" + process + "/fd/5");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of("anon_inode:bpf-map"));
  }

  private List<Finding> run() {
    return Preflight.run(new HostFiles(root), "");
  }

  private Finding find(String check) {
    return run().stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  private Finding findWithLibrary(String library) {
    return Preflight.run(new HostFiles(root), library).stream()
        .filter(f -> f.check().equals("libbpf"))
        .findFirst()
        .orElseThrow();
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
