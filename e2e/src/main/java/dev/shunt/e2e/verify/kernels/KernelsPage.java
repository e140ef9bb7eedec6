package dev.shunt.e2e.verify.kernels;

import java.util.List;
import java.util.stream.Collectors;

/** {@code docs/kernels.md}: the matrix as a page. Pure. */
final class KernelsPage {
  private KernelsPage() {}

  /**
   * The whole page.
   *
   * @param arguments of the command, to run it again
   */
  static String of(KernelsReport result, List<String> arguments) {
    KernelsReport report = published(result);
    String command = ("./shunt verify kernels " + String.join(" ", arguments)).strip();
    return String.join(
        "\n",
        "# Kernels",
        "",
        "Written by the command below; do not edit.",
        "",
        "```sh",
        command,
        "```",
        "",
        "Each kernel but the host's is a package of the distribution, booted in QEMU without KVM. On"
            + " each, every program is",
        "loaded alone, then the real node starts, tests itself, and accelerates the cases of"
            + " `e2e/guest/cases`, each run on plain",
        "TCP and accelerated. `equal`: accelerated, and the application observed the same; `kept`:"
            + " the same, and the connection",
        "stayed on TCP.",
        "",
        oldest(report),
        "",
        "## Result",
        "",
        fenced(report.summary()),
        "",
        "## Instructions that the verifier walked through",
        "",
        fenced(report.programs()),
        "",
        "## Hooks",
        "",
        "Where a newer kernel offers a better hook, the node takes the first that works.",
        "",
        fenced(report.hooks()),
        "",
        "## Self-test",
        "",
        fenced(
            report.rows().stream()
                .flatMap(
                    row ->
                        row.checks().stream()
                            .map(
                                check ->
                                    row.release() + ": " + check.name() + ": " + check.detail()))
                .collect(Collectors.joining("\n"))),
        "",
        "## What did not pass",
        "",
        "A self-test that is only advisory, such as `fionread`, makes the node keep readers that would"
            + " notice on TCP.",
        "",
        report.details().isEmpty() ? "None." : fenced(report.details().strip()),
        "");
  }

  /** A page tells the version of the host's kernel, not how its builder called it. */
  private static KernelsReport published(KernelsReport result) {
    return new KernelsReport(
        result.rows().stream()
            .map(
                row ->
                    row.place() == KernelRow.Place.HOST
                        ? row.withRelease(row.release().replaceAll("^(\\d+[.\\d]*\\d).*", "$1"))
                        : row)
            .toList());
  }

  private static String oldest(KernelsReport report) {
    return report.rows().stream()
        .filter(row -> row.place() == KernelRow.Place.GUEST && row.passed())
        .findFirst()
        .map(row -> "Oldest kernel that passed: " + row.release() + ".")
        .orElse("No kernel but the host's passed.");
  }

  private static String fenced(String text) {
    return "```\n" + text.stripTrailing() + "\n```";
  }
}
