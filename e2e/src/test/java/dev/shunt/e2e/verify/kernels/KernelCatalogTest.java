package dev.shunt.e2e.verify.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelCatalogTest {
  private static final KernelCatalog CATALOG =
      KernelCatalog.parse(
          List.of(
              "linux-image-6.1.0-9-amd64 - Linux 6.1 for 64-bit PCs (signed)",
              "linux-image-6.1.0-56-amd64 - Linux 6.1 for 64-bit PCs (signed)",
              "linux-image-6.1.0-56-amd64-dbg - Debug symbols for linux-image-6.1.0-56-amd64",
              "linux-image-6.1.0-56-amd64-unsigned - Linux 6.1 for 64-bit PCs",
              "linux-image-6.1.0-56-cloud-amd64 - Linux 6.1 for x86-64 cloud (signed)",
              "linux-image-6.1.0-56-rt-amd64 - Linux 6.1 for 64-bit PCs, PREEMPT_RT (signed)",
              "linux-image-6.12.9+deb12-amd64 - Linux 6.12 for 64-bit PCs (signed)",
              "linux-image-6.12.117+deb12-amd64 - Linux 6.12 for 64-bit PCs (signed)",
              "linux-image-6.12-amd64 - Linux for 64-bit PCs (meta-package)",
              "linux-image-amd64-signed-template - Template for signed linux-image packages",
              "linux-image-amd64 - Linux for 64-bit PCs (meta-package)"));

  @Test
  void releases_packagesOfAllKinds_areBootableOnesNewestFirst() {
    assertThat(CATALOG.releases())
        .containsExactly(
            "6.12.117+deb12-amd64",
            "6.12.9+deb12-amd64",
            "6.1.0-56-amd64",
            "6.1.0-56-cloud-amd64",
            "6.1.0-9-amd64");
  }

  @Test
  void newestOfEachSeries_twoSeries_oldestSeriesFirst() {
    assertThat(CATALOG.newestOfEachSeries())
        .containsExactly("6.1.0-56-amd64", "6.12.117+deb12-amd64");
  }

  @Test
  void find_beginningOfRelease_newestOfThatSeriesOnly() {
    assertThat(CATALOG.find("6.1")).contains("6.1.0-56-amd64");
    assertThat(CATALOG.find("6.12")).contains("6.12.117+deb12-amd64");
    assertThat(CATALOG.find("6.1.0-9-amd64")).contains("6.1.0-9-amd64");
  }

  @Test
  void find_unknownRelease_isEmpty() {
    assertThat(CATALOG.find("5.10")).isEmpty();
    assertThat(CATALOG.find("6.1.0-5")).isEmpty();
  }
}
