package dev.shunt.datapath.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ErrorTextTest {
  @Test
  void message_knownErrno_namesCauseAndNumber() {
    assertThat(new BpfException("update map", "endpoints key=0x01", 28))
        .hasMessage("update map endpoints key=0x01 failed: no space (ENOSPC/28)");
  }

  @Test
  void message_kernelInternalErrno_isNamed() {
    assertThat(new BpfException("read map", "sockets", 524).errnoName()).isEqualTo("ENOTSUPP");
  }

  @Test
  void message_unknownErrno_keepsTheNumber() {
    assertThat(new BpfException("read map", "sockets", 4000))
        .hasMessage("read map sockets failed: unknown error (E?/4000)");
  }

  @Test
  void message_withLog_carriesAllOfIt() {
    BpfException refused = new BpfException("load object", "pair", 13, "0: r0 = 1\n1: exit");
    assertThat(refused.log()).isEqualTo("0: r0 = 1\n1: exit");
    assertThat(refused).hasMessageEndingWith("kernel log:\n0: r0 = 1\n1: exit");
  }

  @Test
  void libbpf_missingLibrary_saysHowToInstallIt() {
    assertThatThrownBy(() -> new Libbpf("/nonexistent/libbpf.so.1"))
        .isInstanceOf(LibbpfMissingException.class)
        .hasMessageStartingWith("load library /nonexistent/libbpf.so.1 failed: ")
        .hasMessageContaining("apt-get install libbpf1")
        .hasMessageContaining("SHUNT_LIBBPF");
  }

  @Test
  void libbpf_otherLibrary_isRefused() {
    assertThatThrownBy(() -> new Libbpf("libc.so.6")).isInstanceOf(LibbpfMissingException.class);
  }

  @Test
  void fileIdentity_statDevice_becomesKernelDevice() {
    /* 259:300 as new_encode_dev packs it */
    long stDev = (300 & 0xff) | (259 << 8) | ((300L & ~0xffL) << 12);
    assertThat(FileIdentity.ofStat(stDev, 42)).isEqualTo(new FileIdentity((259L << 20) | 300, 42));
  }
}
