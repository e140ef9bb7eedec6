package dev.shunt.cli.preflight;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Runs all checks. Stateless; reads files only. */
public final class Preflight {
  private Preflight() {}

  /**
   * One finding for each check, in a fixed order.
   *
   * @param host whose files are read
   * @param library path of libbpf when it was overridden; empty otherwise
   */
  public static List<Finding> run(HostFiles host, String library) {
    Stream<Function<HostFiles, Finding>> checks =
        Stream.of(
            KernelChecks::release,
            KernelChecks::btf,
            KernelChecks::options,
            MountChecks::cgroup,
            MountChecks::bpffs,
            MountChecks::tracefs,
            RightsChecks::capabilities,
            files -> RightsChecks.library(files, library),
            KernelChecks::trafficHook,
            KernelChecks::jit,
            KernelChecks::lockdown,
            KernelChecks::memlock,
            SockmapOwners::check,
            HookOwners::check);
    return checks.map(check -> check.apply(host)).toList();
  }
}
